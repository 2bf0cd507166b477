// Made by scripts/make-symbols.mjs together with the dSYM beside it.

/** Of the binary whose dSYM it is. */
export const TRAMLINE_UUID = '4c4c4473-5555-3144-a10d-c8ec2e482177';

/** Where calls return to inside each function, in bytes from the start of the binary. */
export const TRAMLINE_OFFSETS: Readonly<Record<string, number>> = {
  'TimetableStore.merge(_:into:)': 0x4034,
  'closure #1 in DepartureBoardView.body.getter': 0x4054,
  'DepartureBoardView.body.getter': 0x4078,
  'specialized Array.subscript.getter': 0x409c,
  'DepartureList.row(at:)': 0x40c0,
  'DepartureBoardView.visibleRows.getter': 0x40e4,
  'closure #2 in TimetableStore.refresh()': 0x4108,
  'TimetableStore.refresh()': 0x412c,
  'Departure.init(dictionary:)': 0x4150,
  'TimetableStore.decode(_:)': 0x4174,
  'TimetableStore.reload()': 0x4198,
  'DepartureBoardViewController.apply(_:)': 0x41bc,
  '@objc DepartureBoardViewController.storeDidChange(_:)': 0x41e0,
  '-[DepartureCache itemAtPosition:]': 0x4204,
  'DepartureBoardView.prefetch(_:)': 0x4228,
  'TimetableStore.persist(_:)': 0x424c,
  'closure #1 in TimetableStore.enqueue(_:)': 0x4270,
  'thunk for @escaping @callee_guaranteed () -> ()': 0x4294,
  'Departure.parent.getter': 0x42b8,
  'Departure.depth.getter': 0x42dc,
  'DepartureBoardView.indent(of:)': 0x4300,
  'DepartureDecoder.release(buffer:)': 0x4324,
  'DepartureDecoder.finish()': 0x4348,
  'TimetableStore.withLock(_:)': 0x436c,
  'TimetableStore.snapshot.getter': 0x4390,
  'DepartureBoardView.task()': 0x43b4,
  'TimetableStore.backUp(to:)': 0x43d8,
  'Departure.thumbnail(size:)': 0x43fc,
  'DepartureBoardView.cache(_:)': 0x4420,
};
