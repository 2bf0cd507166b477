export const ITEM =
  'flex min-h-9 cursor-default items-center gap-2.5 rounded-sm px-2.5 text-sm data-[selected=true]:bg-hover max-sm:min-h-11';
export const GROUP =
  'p-1 [&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-ink-faint';
