/**
 * The dependency rule as a Mermaid flow chart. An arrow that follows from others (a to b to c) is left out, so that
 * the layers are seen; what may be named by its types alone is not drawn.
 */
export function roomsChart(rule) {
  const rooms = Object.keys(rule);
  const to = Object.fromEntries(
    rooms.map((room) => [room, [...new Set(rule[room].map((path) => roomOf(rooms, path)))]]),
  );
  const lines = rooms.map((room) => {
    const next = to[room].filter((one) => one !== room && !isReachedWithout(to, room, one));
    return `  ${[node(room), next.map(node).join(' & ')].filter(Boolean).join(' --> ')}`;
  });
  return ['```mermaid', 'flowchart TD', ...lines, '```'].join('\n');
}

/** Whether one room reaches another by a detour. */
function isReachedWithout(to, from, goal) {
  const seen = new Set([from, goal]);
  const open = to[from].filter((next) => next !== goal);
  for (let room = open.pop(); room !== undefined; room = open.pop()) {
    if (seen.has(room)) continue;
    seen.add(room);
    if (to[room]?.includes(goal)) return true;
    open.push(...(to[room] ?? []));
  }
  return false;
}

/** The room a file or part belongs to; what is no room stands for itself. */
function roomOf(rooms, path) {
  return rooms.find((room) => path.startsWith(room)) ?? path;
}

function node(room) {
  const label = room.replace(/\/$/, '');
  return `${label.replaceAll(/[^a-z]/g, '_')}["${label}"]`;
}

const START = '<!-- rooms: drawn by scripts/rooms.mjs from .dependency-cruiser.mjs -->';
const END = '<!-- end of rooms -->';

/** A page with its picture drawn anew. */
export function withChart(page, rule) {
  const [from, to] = [page.indexOf(START), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error('The page has no place for the picture of the rooms.');
  return `${page.slice(0, from)}${START}\n\n${roomsChart(rule)}\n\n${page.slice(to)}`;
}
