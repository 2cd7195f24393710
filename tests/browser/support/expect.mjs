// Waiting for what is claimed, with a deadline.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

const WITHIN = 10_000;
const LOOK_EVERY = 50;

/** Looks until `read` gives what is expected. */
export async function becomes(read, expected, what, within = WITHIN) {
  await eventually(async () => assert.deepEqual(await read(), expected, what), within);
}

/** Tries until an assertion holds; then the last failure is the answer. */
export async function eventually(attempt, within = WITHIN) {
  const end = Date.now() + within;
  for (;;) {
    try { return await attempt(); } catch (error) {
      if (Date.now() > end) throw error;
    }
    await pause(LOOK_EVERY);
  }
}

/** Waits until the text is to be seen in a place. */
export async function shows(place, text, within = WITHIN) {
  await place.filter({ visible: true }).getByText(text).first().waitFor({ timeout: within });
}

/** Remembers that this document is the one, to prove later that nothing reloaded it. */
export async function staysFrom(page) {
  await page.evaluate(() => { window.journeyMark = true; });
  return async () => assert.equal(await page.evaluate(() => window.journeyMark), true, 'the page was loaded again');
}
