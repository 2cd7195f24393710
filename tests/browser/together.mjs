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

journey('somebody who is mentioned is told, and the name is completed while it is typed', { alerts: lab() }, async (world) => {
  const page = await world.signIn('dana');
  const id = await new Analyst(page).id(PAIR);
  await page.goto(`/incidents/${id}`);
  const field = page.getByRole('textbox', { name: 'Add comment' });
  await field.click();
  await field.pressSequentially('Can you ask, @om');
  await page.getByRole('listbox', { name: 'People' }).getByRole('option', { name: 'Omar Haddad (omar)' }).waitFor();
  await page.keyboard.press('Escape');
  await becomes(() => page.getByRole('listbox', { name: 'People' }).count(), 0);
  await field.pressSequentially('a');
  await page.getByRole('option', { name: 'Omar Haddad (omar)' }).waitFor();
  await page.keyboard.press('Enter');
  await becomes(() => field.inputValue(), 'Can you ask, @omar ');
  await page.getByRole('button', { name: 'Preview' }).click();
  await becomes(() => page.locator('[data-preview] b').allInnerTexts().then((texts) => texts.join()), '@omar');
  assert.equal(await field.inputValue(), 'Can you ask, @omar ', 'the preview posts nothing');
  await page.getByRole('button', { name: 'Comment', exact: true }).click();
  await page.locator('.entry-comment b', { hasText: '@omar' }).waitFor();
  await becomes(() => page.locator('[data-preview]').isVisible(), false);
  const other = await world.signIn('omar');
  await other.goto('/incidents');
  await other.locator('.who-menu summary').click();
  await other.getByRole('link', { name: 'Mentions (1 unread)' }).click();
  await other.getByRole('button', { name: 'Open', exact: true }).click();
  await other.locator('.entry', { hasText: 'Can you ask' }).waitFor();
  await other.locator('.who-menu summary').click();
  await other.getByRole('link', { name: 'Mentions', exact: true }).waitFor();
  assert.deepEqual(world.complaints, [], 'the browser complained');
});

journey('who is writing is told, and an edited comment shows its new text in open pages', { alerts: lab() }, async (world) => {
  const page = await world.signIn('dana');
  const id = await new Analyst(page).id(PAIR);
  await page.goto(`/incidents/${id}`);
  const other = await world.signIn('omar');
  await other.goto(`/incidents/${id}`);
  const field = page.getByRole('textbox', { name: 'Add comment' });
  await field.click();
  await field.pressSequentially('Asked the lab.');
  await other.getByRole('status').filter({ hasText: 'Dana Reyes is editing this.' }).waitFor();
  await page.getByRole('button', { name: 'Comment', exact: true }).click();
  await other.getByRole('status').filter({ hasText: 'Dana Reyes is also viewing this.' }).waitFor();
  const comment = other.locator('.entry-comment', { hasText: 'Asked the lab.' }).first();
  await comment.waitFor();
  const entry = await comment.getAttribute('id');
  const third = await world.signIn('dana');
  await third.goto(`/incidents/${id}/history`);
  await third.getByRole('link', { name: 'Edit', exact: true }).first().click();
  await third.getByRole('textbox', { name: 'Edit your comment' }).fill('Asked the lab: a test.');
  await third.getByRole('button', { name: 'Save comment' }).click();
  await becomes(() => other.locator(`#${entry} > .entry-text > .markdown`).innerText(), 'Asked the lab: a test.');
  assert.deepEqual(world.complaints, [], 'the browser complained');
});

for (const { how, options } of BOTH) {
  journey(`a comment is looked at before it is posted, ${how}`, { alerts: lab() }, async (world) => {
    const page = await world.signIn('dana', options);
    const id = await new Analyst(page).id(PAIR);
    await page.goto(`/incidents/${id}`);
    await page.getByRole('textbox', { name: 'Add comment' }).fill('**Bold** words');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.locator('[data-preview] strong', { hasText: 'Bold' }).waitFor();
    await page.getByRole('button', { name: 'Comment', exact: true }).click();
    await page.locator('.entry-comment strong', { hasText: 'Bold' }).waitFor();
    assert.deepEqual(world.complaints, [], 'the browser complained');
  });
}

for (const { how, options } of BOTH) {
  journey(`a comment is edited by its author and quoted by somebody else, ${how}`, { alerts: lab() }, async (world) => {
    const page = await world.signIn('dana', options);
    const id = await new Analyst(page).id(PAIR);
    await page.goto(`/incidents/${id}/history`);
    await page.getByRole('textbox', { name: 'Add comment' }).fill('Asked the lab.');
    await page.getByRole('button', { name: 'Comment', exact: true }).click();
    await page.locator('.entry-comment', { hasText: 'Asked the lab.' }).waitFor();
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
