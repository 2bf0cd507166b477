/** A number below `end`, the same ones for the same seed. */
export function seeded(seed: number): (end: number) => number {
  let state = seed >>> 0;
  return (end) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % end;
  };
}

const NAMES = [
  'Orchard',
  'HarvestPlan',
  'pick',
  'countOfTrees',
  'Basket',
  'row_2',
  'ripeness',
  'x',
  'WeighingScale',
];
const OPERATORS = ['2eeoi', '1poi', '2aaoi', '1nop', '2ppoP'];
const SIMPLE = [
  'Si',
  'SS',
  'Sb',
  'Sd',
  's5UInt8V',
  '10Foundation4DataV',
  'So8NSStringC',
  'ScM',
  'yt',
  'yp',
  'yXl',
];
const PARAMS = ['x', 'q_', 'q0_', 'qd__', 'qd_0_'];
const PROTOCOLS = ['SH', 'SQ', 's5ErrorP', '7Orchard6PickerP', 'AA6WeigherP', 'SE', 'Sci'];
const IMPL = [
  'Ieg_',
  'Ieggd_',
  'Ieghn_',
  'IeyBy_',
  'Ixxd_',
  'Iegnr_',
  'IegHyzo_',
  'Ietg_',
  'IegnTr_',
  'IsegnyTr_',
];

/** Writes mangled Swift names of every kind, as the compiler would: valid for the most part, but of no programme. */
export class Mangler {
  constructor(private readonly random: (end: number) => number) {}

  private pick(of: readonly string[]): string {
    return of[this.random(of.length)] ?? '';
  }

  private chance(percent: number): boolean {
    return this.random(100) < percent;
  }

  private times(most: number, make: () => string): string[] {
    return Array.from({ length: this.random(most + 1) }, make);
  }

  name(): string {
    if (this.chance(8)) return this.pick(OPERATORS);
    const name = this.plainName();
    if (this.chance(10)) return `${name}33_0123456789ABCDEF0123456789ABCDEFLL`;
    return this.chance(6) ? `${name}L${this.pick(['_', '0_', '12_'])}` : name;
  }

  private plainName(): string {
    const name = this.pick(NAMES);
    return `${name.length}${name}`;
  }

  private protocol(): string {
    return this.pick(PROTOCOLS);
  }

  nominal(depth: number): string {
    const letter = this.pick(['V', 'C', 'O']);
    if (depth > 0 && this.chance(25)) return `${this.nominal(depth - 1)}${this.name()}${letter}`;
    if (depth > 0 && this.chance(8)) return `${this.entity(depth - 1)}${this.plainName()}L_${letter}`;
    if (this.chance(10)) return `${this.pick(SIMPLE.slice(0, 6))}7OrchardE${this.name()}${letter}`;
    return `${this.pick(['7Orchard', 'AA', 's', 'So', '6Basket'])}${this.name()}${letter}`;
  }

  type(depth: number): string {
    if (depth <= 0) return this.pick(this.chance(30) ? PARAMS : SIMPLE);
    const inner = (): string => this.type(depth - 1);
    switch (this.random(22)) {
      case 0:
        return `${inner()}Sg`;
      case 1:
        return `Say${inner()}G`;
      case 2:
        return `SDy${inner()}${inner()}G`;
      case 3:
        return `${this.nominal(depth - 1)}y${inner()}${this.chance(40) ? inner() : ''}G`;
      case 4:
        return `${this.nominal(depth - 1)}y${inner()}_${this.chance(50) ? inner() : ''}G`;
      case 5:
        return `${inner()}_${this.times(2, inner).join('')}t`;
      case 6:
        return `${inner()}${this.plainName()}_${inner()}${this.plainName()}t`;
      case 7:
        return `${this.signature(depth - 1)}${this.pick(['c', 'XE', 'XB', 'XC', 'XK', 'XA', 'Xf', 'XU'])}`;
      case 8:
        return `${inner()}${this.pick(['m', 'XMt', 'XMT', 'XMo', 'Xp', 'XmT'])}`;
      case 9:
        return `${this.protocol()}_p`;
      case 10:
        return `${this.protocol()}_${this.protocol()}p`;
      case 11:
        return `${this.protocol()}_${this.nominal(0)}Xc`;
      case 12:
        return `${this.protocol()}_Xl`;
      case 13:
        return `${this.plainName()}${this.pick(['Qz', 'Qy_', 'Qyd__'])}`;
      case 14:
        return `${this.plainName()}${this.protocol()}${this.pick(['Qz', 'Qy_'])}`;
      case 15:
        return `${inner()}${this.pick(['Xw', 'Xo', 'Xu', 'XD', 'Yi', 'n', 'h', 'Yu', 'Yt', 'z'])}`;
      case 16:
        return this.pick(['Bp', 'Bi64_', 'Bf32_', 'Bo', 'Bb', 'Bw', 'Bi8_Bv4_']);
      case 17:
        return `${this.protocol()}_px${this.plainName()}Rts_XP`;
      case 18:
        return `${this.entity(depth - 1)}QOy${this.chance(30) ? inner() : ''}Qo_`;
      case 19:
        return `${inner()}${this.plainName()}_${this.plainName()}QZ`;
      default:
        return this.chance(50) ? this.nominal(depth - 1) : this.pick(SIMPLE);
    }
  }

  /** A result, the parameters, and what is said about the function. */
  private signature(depth: number, parameters = this.random(3)): string {
    const inner = (): string => this.type(depth - 1);
    const result = this.chance(40) ? 'y' : inner();
    const many = parameters > 1 ? `${inner()}_${inner()}t` : inner();
    const attributes = [
      this.chance(20) ? 'Ya' : '',
      this.chance(10) ? 'Yb' : '',
      this.chance(15) ? 'K' : this.chance(10) ? `${this.nominal(0)}YK` : '',
      this.chance(10) ? this.pick(['ScMYc', 'YA', 'YC']) : '',
      this.chance(5) ? 'YT' : '',
    ];
    return `${result}${parameters === 0 ? 'y' : many}${attributes.join('')}`;
  }

  private labels(parameters: number): string {
    if (parameters === 0) return '';
    if (this.chance(35)) return 'y';
    const label = (): string => (this.chance(30) ? '_' : this.plainName());
    return parameters === 1 ? this.plainName() : `${this.plainName()}${label()}`;
  }

  private requirements(): string {
    const one = (): string =>
      this.pick([
        `${this.protocol()}Rz`,
        `${this.protocol()}R_`,
        `${this.nominal(0)}Rbz`,
        `SiRsz`,
        `${this.protocol()}${this.plainName()}Rpz`,
        `SS${this.plainName()}Rtz`,
        'RlzC',
        'Ri_z',
        'Ri0_z',
      ]);
    return `${this.times(2, one).join('')}${this.pick(['l', 'r0_l', 'r_l', 'r__l'])}`;
  }

  entity(depth: number): string {
    const context = (): string =>
      depth > 0 && this.chance(20) ? this.extension(depth - 1) : this.nominal(Math.max(depth - 1, 0));
    const count = this.random(3);
    switch (this.random(14)) {
      case 0:
        return `${context()}${this.name()}${this.type(depth)}v${this.pick(['g', 's', 'p', 'M', 'r', 'w', 'W', 'au', 'lu', 'm', 'i', 'x', 'y'])}`;
      case 1:
        return `${context()}${this.labels(count)}${this.signature(depth, count)}c${this.chance(20) ? `${this.requirements()}u` : ''}${this.pick(['fC', 'fc'])}`;
      case 2:
        return `${context()}${this.pick(['fd', 'fD', 'fZ', 'fE', 'fe'])}`;
      case 3:
        return `${context()}${this.labels(Math.max(count, 1))}${this.signature(depth, Math.max(count, 1))}ci${this.pick(['g', 's', 'p', 'M'])}`;
      case 4:
        return `${this.entity(Math.max(depth - 1, 0))}${this.signature(depth - 1)}${this.pick(['XE', 'c'])}f${this.pick(['U', 'u'])}${this.pick(['_', '0_', '3_'])}`;
      case 5:
        return depth > 0 ? `${this.entity(depth - 1)}fA${this.pick(['_', '0_'])}` : this.nominal(0);
      case 6:
        return `${context()}${this.plainName()}${this.type(depth)}vp${this.pick(['fi', 'fP', 'fW', 'fF'])}`;
      case 7:
        return depth > 0 ? `${this.entity(depth - 1)}Z` : this.nominal(0);
      case 8:
        return depth > 0
          ? `${this.entity(depth - 1)}${this.plainName()}L_${this.labels(count)}${this.signature(depth, count)}F`
          : this.nominal(0);
      default: {
        const generic = this.chance(20) ? this.requirements() : '';
        return `${context()}${this.name()}${this.labels(count)}${this.signature(depth, count)}${generic}F`;
      }
    }
  }

  private extension(depth: number): string {
    return `${this.nominal(depth)}7Orchard${this.chance(30) ? this.requirements() : ''}E`;
  }

  private conformance(): string {
    const bound = this.chance(30) ? 'yxG' : '';
    return `${this.nominal(1)}${bound}${this.protocol()}7Orchard${this.chance(20) ? this.requirements() : ''}`;
  }

  /** One whole symbol. */
  symbol(): string {
    const suffix = this.chance(10) ? this.pick(['.1', '.resume.0', '.cold.1', '.llvm.12']) : '';
    return `${this.pick(['$s', '_$s', '$S', '_$S', '$e'])}${this.global()}${suffix}`;
  }

  private global(): string {
    const type = (): string => this.type(2);
    switch (this.random(20)) {
      case 0:
        return `${type()}M${this.pick(['a', 'n', 'f', 'm', 'L', 'D', 'r', 'i', 'l', 'o', 'B', 'F'])}`;
      case 1:
        return `${this.conformance()}${this.pick(['WP', 'Wa', 'Mc', 'WI', 'WG', 'Wr', 'Wp', 'MA'])}`;
      case 2:
        return `${this.conformance()}${this.entity(1)}TW`;
      case 3:
        return `${type()}${type()}${this.pick(IMPL)}${type()}${type()}${this.pick(IMPL)}${this.pick(['TR', 'Tr'])}`;
      case 4:
        return `${type()}WO${this.pick(['b', 'c', 'd', 'e', 'f', 'h', 'r', 's', 'y', 'g', 'B', 'C'])}`;
      case 5:
        return `${type()}w${this.pick(['xx', 'cp', 'al', 'et', 'st', 'ug'])}`;
      case 6:
        return `7Orchard4rateSivp${this.pick(['Wvd', 'Wvi', 'MV'])}`;
      case 7:
        return `${this.entity(1)}${this.pick(['Tc', 'Tj', 'Tq', 'WC', 'TS'])}`;
      case 8:
        return `${this.entity(2)}${type()}_${this.chance(50) ? type() : ''}T${this.pick(['g5', 'G5', 'B5', 'gq5', 's5', 'i5'])}`;
      case 9:
        return `${this.entity(2)}Tf${this.pick(['4nd_n', '4dgXn_n', '4gXx_n', '4xnn_n', 'q4e_n', '2i_g', '3s_n', '4pi3_n'])}`;
      case 10:
        return `7Orchard4pickyyFSSvg${type()}TK`;
      case 11:
        return `7Orchard${this.plainName()}_W${this.pick(['Z', 'z'])}`;
      case 12:
        return `${this.entity(1)}${this.plainName()}fMf_`;
      case 13:
        return `${this.conformance()}${type()}W${this.pick(['l', 'L'])}`;
      case 14:
        return `${type()}N`;
      case 15:
        return `${this.protocol()}Mp`;
      default:
        return `${this.entity(3)}${this.times(2, () => this.pick(['To', 'TO', 'TD', 'Tm', 'TA', 'Ta', 'Tu', 'TE', 'TQ0_', 'TY1_', 'Twb', 'TI', 'TX', 'Tx', 'Tv_'])).join('')}`;
    }
  }
}

/** A name with one to three things wrong with it. */
export function mutated(symbol: string, random: (end: number) => number): string {
  const letters = 'ABCDFGHIKLMOPQRSTVWXYZabcdfgimnopqrstvxyz_0123459.$';
  let text = symbol;
  for (let left = 1 + random(3); left > 0; left--) {
    const at = 2 + random(Math.max(1, text.length - 2));
    const letter = letters.charAt(random(letters.length));
    const after = at + random(3);
    text = text.slice(0, at) + (random(3) === 0 ? '' : letter) + text.slice(after);
  }
  return text;
}
