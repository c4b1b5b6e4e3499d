/** The Model view, in an editor: what this model is, read from its files; it needs no session. */
/// <reference lib="dom" />
import { useEffect, useState } from 'preact/hooks';
import { number } from '../dom.ts';
import { useLink } from '../link/hooks.ts';
import type { ShippedModel } from '../link/messages.ts';
import { Explained } from '../parts/explained.tsx';
import { colourOf, FAMILIES, familyOf } from '../parts/families.ts';
import { limitsOf } from './limits.ts';
import { LayerTable } from './pipeline.tsx';
import { Slots } from './slots.tsx';
import { Weights } from './weights.tsx';

export function ModelView() {
  const link = useLink();
  const [shipped, setShipped] = useState<ShippedModel | undefined>(undefined);
  const [error, setError] = useState('');
  useEffect(() => {
    link.model().then(setShipped, (reason: Error) => setError(reason.message));
  }, [link]);
  if (error) return <p class="note">{error}</p>;
  if (!shipped) return <p class="note">Reading the model …</p>;
  const { portrait } = shipped;
  const { sizes, specialized } = portrait;
  return (
    <div class="portrait">
      <h1>
        A transformer whose <b>weights were computed, not trained</b>. Its next token is the next byte that your program
        produces. <b>{number(sizes.heads)} heads</b> look values up among earlier tokens;{' '}
        <b>{number(sizes.neurons)} neurons</b> compute with them.
        {specialized && ` It runs one program alone, ${specialized.program}.`}
      </h1>
      <div class="columns">
        <div>
          <LayerTable portrait={portrait} />
          <Weights portrait={portrait} />
          <Slots portrait={portrait} />
        </div>
        <aside>
          <Legend shipped={shipped} />
          <Limits shipped={shipped} />
          <Files shipped={shipped} />
        </aside>
      </div>
    </div>
  );
}

/** What heads look up, by family, and how many do. */
function Legend({ shipped: { portrait } }: { shipped: ShippedModel }) {
  const roles = portrait.layers.flatMap(({ heads }) => heads.map(({ role }) => familyOf(role)));
  return (
    <section>
      <h2>
        What <Explained term="head">heads</Explained> look up
      </h2>
      <ul class="families">
        {FAMILIES.map((family) => (
          <li key={family.letter}>
            <span class="tile" style={{ '--family': colourOf(family) }} data-family={family.name} aria-hidden="true">
              {family.letter}
            </span>
            <span>{family.text}</span>
            <b>{roles.filter((one) => one === family).length}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Limits({ shipped: { portrait } }: { shipped: ShippedModel }) {
  const softmax = portrait.limits?.softmax ?? [];
  const most = Math.max(...softmax.map(({ tokens }) => Math.log2(tokens)));
  return (
    <section>
      <h2>Exact up to</h2>
      <dl>
        {limitsOf(portrait).map(({ name, limit, exact, why }) => (
          <div key={name}>
            <dt>
              {name}
              <span class="note">
                {why}
                {exact > limit && `; the weights allow ${number(exact)}`}
              </span>
            </dt>
            <dd class="code">{number(limit)}</dd>
          </div>
        ))}
      </dl>
      <h2>Why float64</h2>
      <p>
        Positions and addresses are squared, and sums of whole numbers up to 2⁵³ must not be rounded: float64 holds
        them, and nothing smaller does. In float32, measured, add.c has its first wrong token seven tokens behind the
        prompt, in bfloat16 it is the first, and neither says so. The build proves every row of weights exact, or writes
        no model.
      </p>
      {softmax.length > 0 && (
        <>
          <h2>
            With <Explained term="softmax">softmax</Explained>: tokens, by bits of an address
          </h2>
          <p class="note">How long a trace real softmax attention stays exact (bars: logarithm).</p>
          <dl class="bars">
            {softmax.map(({ addressBits, tokens }) => (
              <div key={addressBits}>
                <dt>{addressBits} bits</dt>
                <dd>
                  <span class="bar" style={{ width: `${(55 * Math.log2(tokens)) / most}%` }} aria-hidden="true" />
                  <span class="code">{number(tokens)}</span>
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </section>
  );
}

const ABOUT: Readonly<Record<string, string>> = {
  'config.json': 'sizes, names of heads and slots, limits',
  'model.safetensors': 'the weights',
  'vocab.json': 'the tokens',
};

function Files({ shipped: { files, portrait } }: { shipped: ShippedModel }) {
  return (
    <section>
      <h2>
        Files, in <code>dist/model</code>
      </h2>
      <dl>
        {files.map(({ name, bytes, sha256 }) => (
          <div key={name}>
            <dt>
              <code>{name}</code>: {name === 'vocab.json' ? `${number(portrait.sizes.vocabulary)} tokens` : ABOUT[name]}
              <code class="note checksum" title={`SHA-256 ${sha256}`}>
                sha256 {sha256.slice(0, 16)}…
              </code>
            </dt>
            <dd class="code">{sizeText(bytes)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function sizeText(bytes: number): string {
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
