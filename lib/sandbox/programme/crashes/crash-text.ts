import type { BinaryImage } from './crash-images';
import { logTime, osTrain } from './crash-ips';
import type { CrashFrame, CrashReport, CrashThread } from './crash-report';

function hex(value: number | bigint, digits: number): string {
  return `0x${value.toString(16).padStart(digits, '0')}`;
}

function imageOf(report: CrashReport, frame: CrashFrame): BinaryImage | undefined {
  return report.images[frame.imageIndex];
}

function frameLine(report: CrashReport, frame: CrashFrame, position: number): string {
  const image = imageOf(report, frame);
  const base = image?.base ?? 0;
  const place = frame.file && frame.file !== '<compiler-generated>' ? ` (${frame.file}:${frame.line})` : '';
  const target = frame.symbol
    ? `${frame.symbol} + ${frame.symbolLocation}${place}`
    : `${hex(base, 1)} + ${frame.imageOffset}`;
  return `${String(position).padEnd(3)} ${(image?.name ?? '???').padEnd(30)}\t${hex(base + frame.imageOffset, 16)} ${target}`;
}

function threadText(report: CrashReport, thread: CrashThread, position: number): string {
  const label = thread.queue ? `Dispatch queue: ${thread.queue}` : thread.name;
  const named = label ? [`Thread ${position} name:  ${label}`] : [];
  const title = `Thread ${position}${thread.isTriggered ? ' Crashed' : ''}:`;
  return [...named, title, ...thread.frames.map((frame, i) => frameLine(report, frame, i)), ''].join('\n');
}

function lastExceptionText(report: CrashReport): string[] {
  if (!report.lastException) return [];
  const isNamed = report.lastException.some((frame) => frame.symbol);
  // A log without any names lists bare addresses between brackets.
  const addresses = report.lastException.map((frame) =>
    hex((imageOf(report, frame)?.base ?? 0) + frame.imageOffset, 1),
  );
  const lines = isNamed
    ? report.lastException.map((frame, i) => frameLine(report, frame, i))
    : [`(${addresses.join(' ')})`];
  return ['Last Exception Backtrace:', ...lines, ''];
}

function stateText(report: CrashReport): string[] {
  const state = report.threads[report.faultingThread]?.state;
  if (!state) return [];
  const names = [
    ...state.x.map((value, i) => [`x${i}`, value] as const),
    ['fp', state.fp] as const,
    ['lr', state.lr] as const,
  ];
  const cells = names.map(([name, value]) => `${name.padStart(6)}: ${hex(value, 16)}`);
  const rows: string[] = [];
  for (let i = 0; i < cells.length; i += 4) rows.push(cells.slice(i, i + 4).join(''));
  return [
    `Thread ${report.faultingThread} crashed with ARM Thread State (64-bit):`,
    ...rows,
    `    sp: ${hex(state.sp, 16)}    pc: ${hex(state.pc, 16)}  cpsr: ${hex(state.cpsr, 8)}`,
    `   far: ${hex(state.far, 16)}   esr: ${hex(state.esr, 8)} ${state.esrText}`,
    '',
  ];
}

function imageLine(image: BinaryImage): string {
  const uuid = image.uuid.replaceAll('-', '');
  return `${hex(image.base, 1).padStart(18)} - ${hex(image.base + image.size - 1, 1).padStart(18)} ${image.name} ${image.arch}  <${uuid}> ${image.path}`;
}

function headText(report: CrashReport): string[] {
  return [
    `Incident Identifier: ${report.incident}`,
    `CrashReporter Key:   ${report.reporterKey}`,
    `Hardware Model:      ${report.deviceModel}`,
    `Process:             ${report.process} [${report.pid}]`,
    `Path:                ${report.images[0]?.path ?? ''}`,
    `Identifier:          ${report.bundleId}`,
    `Version:             ${report.version} (${report.buildNumber})`,
    'AppStoreTools:       17C7003g',
    'AppVariant:          1:MacFamily20,1:26',
    'Beta:                YES',
    'Code Type:           ARM-64 (Native)',
    `Role:                ${report.cause.id === 'locked-file' ? 'Background' : 'Foreground'}`,
    'Parent Process:      launchd [1]',
    `Coalition:           ${report.bundleId} [${400 + (report.pid % 900)}]`,
    '',
    `Date/Time:           ${logTime(report.capturedMs, 4)}`,
    `Launch Time:         ${logTime(report.launchedMs, 4)}`,
    `OS Version:          ${osTrain(report)} (${report.osBuild})`,
    'Release Type:        User',
    'Report Version:      104',
    '',
  ];
}

function deathText(report: CrashReport): string[] {
  const { cause, reasons } = report;
  const [code, subcode] = cause.codes;
  const { namespace, indicator } = cause.termination;
  const isSignal = namespace === 'SIGNAL';
  const terminator = cause.signal === 'SIGABRT' ? report.process : 'exc handler';
  return [
    `Exception Type:  ${cause.type} (${cause.signal})`,
    ...(cause.subtype ? [`Exception Subtype: ${cause.subtype}`] : []),
    `Exception Codes: ${hex(code, 16)}, ${hex(subcode, 16)}`,
    `Termination Reason: ${namespace} ${isSignal ? cause.termination.code : hex(cause.termination.code, 1)} ${reasons.length > 0 ? '' : indicator}`.trimEnd(),
    ...reasons,
    ...(reasons.length > 0 ? [] : [`Terminating Process: ${terminator} [${report.pid}]`]),
    '',
    `Triggered by Thread:  ${report.faultingThread}`,
    '',
    ...(report.asi.length > 0
      ? ['Application Specific Information:', ...report.asi.map(([, text]) => text), '']
      : []),
    ...lastExceptionText(report),
  ];
}

/** Writes a report as the older plain text, as Xcode and many tools still show it. */
export function crashText(report: CrashReport): string {
  return [
    ...headText(report),
    ...deathText(report),
    ...report.threads.map((thread, i) => threadText(report, thread, i)),
    ...stateText(report),
    'Binary Images:',
    ...report.images.map(imageLine),
    '',
    'EOF',
    '',
  ].join('\n');
}
