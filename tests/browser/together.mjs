// Two people at one incident: who is there, and a comment that is quoted and edited.
import assert from 'node:assert/strict';
import { PAIR, lab } from './support/alerts.mjs';
import { Analyst, BOTH } from './support/analyst.mjs';
import { becomes } from './support/expect.mjs';
import { journey } from './support/journey.mjs';

journey('who else is viewing an incident is told within a second, and no more ten seconds after they left', { alerts: lab() }, async (world) => {
  const page = await world.signIn('dana');
  const id = await new Analyst(page).id(PAIR);
  await page.goto(`/incidents/${id}`);
  const told = () => page.locator('.viewers').innerText();
  await becomes(told, '');
  const other = await world.signIn('omar');
  await other.goto(`/incidents/${id}`);
  await page.getByRole('status').filter({ hasText: 'Omar Haddad is also viewing this.' }).waitFor({ timeout: 3000 });
  await other.getByRole('status').filter({ hasText: 'Dana Reyes is also viewing this.' }).waitFor({ timeout: 3000 });
  await other.close();
  await becomes(told, '');
  assert.deepEqual(world.complaints, [], 'the browser complained');
});

for (const { how, options } of BOTH) {
  journey(`a comment is edited by its author and quoted by somebody else, ${how}`, { alerts: lab() }, async (world) => {
    const page = await world.signIn('dana', options);
    const id = await new Analyst(page).id(PAIR);
    await page.goto(`/incidents/${id}/history`);
    await page.getByRole('textbox', { name: 'Add comment' }).fill('Asked the lab.');
    await page.getByRole('button', { name: 'Comment', exact: true }).click();
    await page.goto(`/incidents/${id}/history`);
    await page.getByRole('link', { name: 'Edit', exact: true }).first().click();
    await page.getByRole('textbox', { name: 'Edit your comment' }).fill('Asked the lab: it is a test.');
    await page.getByRole('button', { name: 'Save comment' }).click();
    await page.getByText('Asked the lab: it is a test.').first().waitFor();
    const other = await world.signIn('omar', options);
    await other.goto(`/incidents/${id}/history`);
    assert.equal(await other.getByRole('link', { name: 'Edit', exact: true }).count(), 0);
    await other.getByRole('link', { name: 'Quote', exact: true }).first().click();
    await becomes(() => other.getByRole('textbox', { name: 'Add comment' }).inputValue().then((text) => text.includes('> Asked the lab: it is a test.')), true);
    assert.deepEqual(world.complaints, [], 'the browser complained');
  });
}
