/**
 * Where one has been with the views, as a browser remembers pages: to which moments one has travelled, and what one had selected
 * there. Steps of the debugger are no journeys: they move the place where one is. It knows no VS Code.
 */
import type { FromPage, Selection, ToPage } from '../views/link/messages.ts';

/** A moment, and what is selected at it. */
interface Stay {
  /** The token of the position. */
  readonly token: number;
  readonly selection: Selection;
}

/** What a trail has done. */
export interface TrailActions {
  /** The token of the position, if there is a session. */
  position(): number | undefined;
  /** False: there is no such moment. */
  travel(token: number): Promise<boolean>;
  /** What pages are to show. */
  show(selection: ToPage['selection']): void;
}

/** How one comes to another moment: by a journey that one may come back from, or led along by something that is dragged. */
export type Journey = 'journey' | 'along';

/** Stays that are remembered. */
const MOST = 200;

export class Trail {
  private readonly actions: TrailActions;
  private stays: Stay[] = [];
  private at = -1;
  /** Somebody is on the way to another moment: how the next stop is come to. */
  private journey: Journey | undefined;
  /** What is to be selected there. */
  private arriving: Selection = {};
  /** Where one goes back or forward to, and what is selected there. */
  private wanted: { readonly at: number; readonly selection: Selection } | undefined;

  constructor(actions: TrailActions) {
    this.actions = actions;
  }

  /** What is looked at now, for a page. */
  get shown(): ToPage['selection'] {
    return {
      selection: this.stays[this.at]?.selection ?? {},
      back: this.at > 0,
      forward: this.at < this.stays.length - 1,
    };
  }

  select(selection: Selection): void {
    const token = this.actions.position();
    const { selection: before } = this.shown;
    const isSame =
      before.token === selection.token && before.layer === selection.layer && before.head === selection.head;
    if (token !== undefined && !isSame) this.add({ token, selection });
    this.actions.show(this.shown);
  }

  /** A journey begins, with what is to be selected where it ends; undefined: it came to nothing. */
  depart(journey: Journey | undefined, arriving: Selection = {}): void {
    this.journey = journey;
    this.arriving = arriving;
  }

  /** The session stands elsewhere, or is another, or was changed: nothing of before is selected. */
  moved(): void {
    const token = this.actions.position();
    const { journey, arriving } = this;
    this.depart(undefined);
    if (token === undefined) {
      this.stays = [];
      this.at = -1;
    } else if (this.wanted) {
      this.at = this.wanted.at;
      this.stays[this.at] = { token, selection: this.wanted.selection };
      this.wanted = undefined;
    } else if (journey === 'journey') this.add({ token, selection: arriving });
    else if (journey === 'along') {
      this.at = Math.max(this.at - 1, -1);
      this.add({ token, selection: {} });
    } else this.drift(token);
    this.actions.show(this.shown);
  }

  /** @throws what the adapter says against it */
  async go(by: FromPage['go']['by']): Promise<void> {
    const at = this.at + by;
    const stay = this.stays[at];
    if (!stay || this.wanted) return;
    if (stay.token === this.actions.position()) {
      this.at = at;
      this.actions.show(this.shown);
      return;
    }
    this.wanted = { at, selection: stay.selection };
    let isOnTheWay = false;
    try {
      isOnTheWay = await this.actions.travel(stay.token);
    } finally {
      if (!isOnTheWay) this.wanted = undefined;
    }
  }

  private add(stay: Stay): void {
    this.stays = [...this.stays.slice(0, this.at + 1), stay].slice(-MOST);
    this.at = this.stays.length - 1;
  }

  /** The place where one is moves along; what was selected at it is of no use any more. */
  private drift(token: number): void {
    const left = this.stays[this.at]?.token;
    const kept = this.stays.slice(0, this.at + 1);
    while (kept.length > 0 && kept[kept.length - 1].token === left) kept.pop();
    this.stays = kept;
    this.at = kept.length - 1;
    this.add({ token, selection: {} });
  }
}
