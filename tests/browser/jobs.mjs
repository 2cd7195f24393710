// What an analyst's jobs cost in clicks, keys and scrolls, counted in Chromium, beside what they cost in Defender.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { Analyst } from './support/analyst.mjs';
import { MAILRULE, PAIR, SCRIPT, SERVICE, alert, device, lab, user } from './support/alerts.mjs';
import { becomes } from './support/expect.mjs';
import { journey } from './support/journey.mjs';

const SCREEN = { viewport: { width: 1440, height: 900 } };
const costs = [];

/** Counts what hands do: clicks of a mouse, pressed keys outside of texts, and turns of the wheel. */
class Hands {
  clicks = 0;
  keys = 0;
  scrolls = 0;

  constructor(page) { this.page = page; }

  async click(place) {
    // What is out of sight is scrolled to first.
    const box = await place.boundingBox();
    const { height } = this.page.viewportSize();
    if (!box || box.y < 0 || box.y + box.height > height) this.scrolls += 1;
    this.clicks += 1;
    await place.click();
  }

  /** One click opens a list of choices, one chooses. */
  async choose(place, label) {
    this.clicks += 2;
    await place.selectOption({ label });
  }

  async press(key) {
    this.keys += 1;
    await this.page.keyboard.press(key);
  }

  /** Text costs the same everywhere and is not counted. */
  async type(text) { await this.page.keyboard.type(text); }
}

function job(name, defender, alerts, act) {
  journey(`${name} costs at most what it costs in Defender`, { alerts }, async (world) => {
    const page = await world.signIn('dana', SCREEN);
    const hands = new Hands(page);
    await act(new Analyst(page), hands, page);
    costs.push({ job: name, clicks: hands.clicks, keys: hands.keys, scrolls: hands.scrolls, 'clicks in Defender': defender });
    assert.ok(hands.clicks <= defender, `${hands.clicks} clicks`);
    assert.equal(hands.scrolls, 0, 'nothing is out of sight');
    assert.deepEqual(world.complaints, [], 'the browser complained');
  });
}

after(() => console.table(costs));

const RULE = 'Legacy protocol used by a lab account';
const sameRule = () => Array.from({ length: 40 }, (_, index) => alert({ title: RULE, minutesAgo: 60 + index, evidence: [user(`account-${index}`)] }));

job('Take three urgent incidents', 8, [...lab(), ...sameRule()], async (dana, hands, page) => {
  await hands.click(dana.queue.getByRole('link', { name: 'Priority' }));
  await page.waitForURL(/sort=-priority/);
  const boxes = dana.queue.locator('tbody').getByRole('checkbox');
  for (const index of [0, 1, 2]) await hands.click(boxes.nth(index));
  await hands.click(page.getByRole('button', { name: 'Assign to me' }));
  await dana.isTold('3 incidents assigned to you.');
});

job('Comment, classify, resolve and go to the next', 11, lab(), async (dana, hands) => {
  await hands.click(dana.row(PAIR).getByRole('cell').nth(4));
  await dana.field('Add comment').waitFor();
  await hands.click(dana.field('Add comment'));
  await hands.type('The administrator installed it.');
  await hands.press('Control+Enter');
  await dana.history().getByText('The administrator installed it.').waitFor();
  await hands.choose(dana.field('Classification'), 'False positive - Not malicious');
  await hands.click(dana.pane.getByRole('button', { name: 'Resolve and next' }));
  await dana.isTold(/Incident \d+ resolved as False positive - Not malicious\./);
});

job('Close 40 incidents of one rule as false positive', 8, [...lab(), ...sameRule()], async (dana, hands, page) => {
  await hands.press('f');
  await hands.type(RULE);
  await hands.press('Enter');
  await page.getByText('40 incidents', { exact: true }).waitFor();
  await hands.click(page.getByRole('checkbox', { name: 'Select all on this page' }));
  await hands.click(page.getByRole('button', { name: 'Manage incidents' }));
  const form = page.getByRole('complementary', { name: 'Manage incidents' });
  await hands.choose(form.getByLabel('Status'), 'Resolved');
  await hands.choose(form.getByLabel('Classification'), 'False positive - Not malicious');
  await hands.click(form.getByRole('button', { name: 'Save' }));
  await dana.isTold('40 incidents resolved as False positive - Not malicious. 40 open alerts resolved too.');
});

job('Move two alerts', 5, [...lab(), alert({ title: 'Archive copied to a lab share', minutesAgo: 4000, evidence: [device('lab-ws-17')] })], async (dana, hands, page) => {
  const target = await dana.id(MAILRULE);
  await page.goto(`/incidents/${await dana.id(PAIR)}/alerts`);
  for (const title of [SCRIPT, SERVICE]) await hands.click(dana.alerts.getByRole('checkbox', { name: `Select alert ${title}` }));
  await hands.click(page.getByRole('button', { name: 'Move alerts' }));
  await page.getByLabel('Target incident').waitFor();
  await hands.type(MAILRULE.slice(0, 20));
  await hands.click(page.getByRole('radio', { name: new RegExp(`^${target} `) }));
  await hands.click(page.getByRole('button', { name: 'Move', exact: true }));
  await dana.isTold(`2 alerts moved to incident ${target}.`);
});

job('Find everything about a user', 3, lab(), async (dana, hands) => {
  await hands.press('/');
  await hands.type('ida.holm');
  await hands.press('Enter');
  await hands.click(dana.page.getByRole('region', { name: 'Users' }).getByRole('link', { name: 'ida.holm' }));
  await dana.page.getByRole('table', { name: 'Incidents with it' }).getByText(MAILRULE).waitFor();
});
