/**
 * How much memory a recording may take: what the model keeps of its context, and the history of what it said. Both grow
 * with every token and are never given back, so a run that goes on for long stops here, and says so, before the machine
 * does.
 */

/** Tokens between two looks at what is taken: adding it up has its price. */
const LOOK = 1 << 16;
const MEGABYTE = 1 << 20;

export class MemoryBudget {
  /** Whether more is taken than is allowed. */
  usedUp = false;
  private readonly megabytes: number;
  private readonly taken: () => number;
  private allowed: number;
  private nextLook = 0;

  /** `taken` gives bytes. */
  constructor(megabytes: number, taken: () => number) {
    this.megabytes = megabytes;
    this.taken = taken;
    this.allowed = megabytes;
  }

  /** Looks at what is taken, if the last look is some time ago. `tokens`: how many there are. */
  look(tokens: number): void {
    if (tokens < this.nextLook) return;
    this.nextLook = tokens + LOOK;
    this.usedUp = this.taken() > this.allowed * MEGABYTE;
  }

  /** Allows as much again; false where nothing was used up. */
  extend(): boolean {
    if (!this.usedUp) return false;
    this.usedUp = false;
    this.allowed = Math.ceil(this.taken() / MEGABYTE) + this.megabytes;
    return true;
  }

  /** What is said when it is used up. */
  get text(): string {
    const megabytes = Math.ceil(this.taken() / MEGABYTE);
    return `The recording takes ${megabytes.toLocaleString('en')} MB, more than maxMemory allows (${this.allowed.toLocaleString('en')}). Continue goes on for as much again.`;
  }
}
