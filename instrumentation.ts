/** Next calls this once, before the web process serves its first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs' || process.env.NEXT_PHASE === 'phase-production-build') return;
  const { startWeb } = await import('@/lib/http/core/start');
  await startWeb();
}
