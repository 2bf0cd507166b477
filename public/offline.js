// Asks whether Flightdeck is back, and then loads the page that was wanted: its address never went away.
const EVERY_MS = 3_000;

async function isBack() {
  try {
    const answer = await fetch('/api/health/live', {
      cache: 'no-store',
      signal: AbortSignal.timeout(10_000),
    });
    return answer.ok && (await answer.json()).status === 'live';
  } catch {
    return false;
  }
}

function goOn() {
  if (location.pathname === '/offline.html') location.replace('/');
  else location.reload();
}

async function look() {
  if (await isBack()) goOn();
  else setTimeout(look, EVERY_MS);
}

document.querySelector('button').addEventListener('click', goOn);
addEventListener('online', goOn);
setTimeout(look, EVERY_MS);
