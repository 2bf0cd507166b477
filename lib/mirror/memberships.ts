/** One side of a membership: the resources, the relationship by which they name the others, and the column of their id. */
interface Side {
  readonly type: 'betaGroups' | 'betaTesters' | 'builds';
  readonly relationship: string;
  readonly column: 'groupId' | 'testerId' | 'buildId';
  /** Whether the index by which its members are found begins with the app. */
  readonly isByApp?: true;
  /** Whether one of them may have thousands of members. */
  readonly isLarge?: true;
}

/**
 * The tables that say which resources belong together. A row belongs to the app of its group (of its build, where there
 * is none); it goes when either side goes. Facts only: who reads, writes or removes memberships derives it from here.
 */
export const MEMBERSHIPS = {
  betaGroupTesters: {
    group: { type: 'betaGroups', relationship: 'betaTesters', column: 'groupId', isLarge: true },
    member: { type: 'betaTesters', relationship: 'betaGroups', column: 'testerId', isByApp: true },
  },
  buildGroups: {
    group: { type: 'builds', relationship: 'betaGroups', column: 'buildId' },
    member: { type: 'betaGroups', relationship: 'builds', column: 'groupId' },
  },
  buildTesters: {
    group: { type: 'builds', relationship: 'individualTesters', column: 'buildId' },
    member: { type: 'betaTesters', relationship: 'builds', column: 'testerId' },
  },
} as const satisfies Record<string, { readonly group: Side; readonly member: Side }>;

export type Membership = keyof typeof MEMBERSHIPS;

/** A membership as one of its sides sees it. */
export interface MembershipSide {
  readonly table: Membership;
  /** This side's relationship. */
  readonly name: string;
  /** The columns of this side's id and of the other's. */
  readonly own: Side['column'];
  readonly other: Side['column'];
  readonly otherType: Side['type'];
  /** Whether this side is the table's group: the one whose app the row has. */
  readonly isGroup: boolean;
  readonly isByApp: boolean;
  readonly isLarge: boolean;
}

const SIDES: ReadonlyMap<string, readonly MembershipSide[]> = sides();

function sides(): Map<string, MembershipSide[]> {
  const found = new Map<string, MembershipSide[]>();
  for (const table of Object.keys(MEMBERSHIPS) as Membership[]) {
    const { group, member }: { group: Side; member: Side } = MEMBERSHIPS[table];
    for (const [own, other] of [[group, member] as const, [member, group] as const]) {
      const side = {
        table,
        name: own.relationship,
        own: own.column,
        other: other.column,
        otherType: other.type,
        isGroup: own === group,
        isByApp: own.isByApp === true,
        isLarge: own.isLarge === true,
      };
      found.set(own.type, [...(found.get(own.type) ?? []), side]);
    }
  }
  return found;
}

/** The memberships that resources of a type take part in; none for most types. */
export function membershipsOf(type: string): readonly MembershipSide[] {
  return SIDES.get(type) ?? [];
}

/** The membership that a relationship of a type is; undefined when it is none. */
export function membershipBy(type: string, name: string): MembershipSide | undefined {
  return membershipsOf(type).find((side) => side.name === name);
}

/** The membership by which one may have thousands of members, who are read apart from it; undefined for most types. */
export function largeMembersOf(type: string): MembershipSide | undefined {
  return membershipsOf(type).find((side) => side.isLarge);
}
