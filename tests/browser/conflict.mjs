// A save made from an old revision shows both sides: nothing is lost, nothing silently overwritten.
import assert from 'node:assert/strict';
import { Analyst, BOTH } from './support/analyst.mjs';
import { PAIR, lab } from './support/alerts.mjs';
import { becomes, shows } from './support/expect.mjs';
import { journey } from './support/journey.mjs';

const MINE = 'Lab drill, as Dana names it';
const THEIRS = 'Lab drill, as Omar names it';

/** Both open the incident; Omar's changes are saved behind Dana's typed name. */
async function crossed(world, options, scripted) {
  const dana = new Analyst(await world.signIn('dana', options), { scripted });
  const omar = new Analyst(await world.signIn('omar'));
  const id = await dana.openPane(PAIR);
  await omar.openPane(PAIR);
  await dana.field('Incident name').fill(MINE);
  await dana.field('Classification').selectOption('truePositive:malware');
  await omar.field('Incident name').fill(THEIRS);
  await omar.field('Status').selectOption('inProgress');
  await omar.save();
  return { dana, omar, id };
}

for (const { how, scripted, options } of BOTH) {
  // Without a script the answer is the incident page; with it the pane stays where it is.
  const place = (dana) => (scripted ? dana.pane : dana.manage);

  journey(`a stale save shows what the other person changed beside what was typed, ${how}`, { alerts: lab() }, async (world) => {
    const { dana } = await crossed(world, options, scripted);
    const answer = dana.page.waitForResponse((response) => response.request().method() === 'POST');
    await dana.press('Save');
    assert.equal((await answer).status(), 409);
    const form = place(dana);
    await form.getByRole('alert').waitFor();
    for (const text of ['Omar Haddad', THEIRS, MINE, 'In progress']) assert.ok((await form.getByRole('alert').innerText()).includes(text), `the answer tells "${text}"`);
    assert.equal(await dana.field('Incident name', form).inputValue(), MINE);
    assert.equal(await dana.field('Classification', form).inputValue(), 'truePositive:malware');
    assert.equal(await dana.field('Status', form).inputValue(), 'inProgress', 'where Dana typed nothing, Omar\'s value stands');
    if (scripted) assert.ok(await dana.queue.isVisible(), 'the queue is still there');

    await dana.press('Save', form);
    await dana.isTold('Saved.');
    await becomes(() => dana.names().then((names) => names.includes(MINE)).catch(() => false), true);
    await dana.openPane(MINE);
    await shows(dana.history(), `Name: "${THEIRS}" → "${MINE}"`);
    assert.equal(await dana.field('Status').inputValue(), 'inProgress');
  });

  journey(`what somebody changes while the conflict is on screen is not overwritten silently, ${how}`, { alerts: lab() }, async (world) => {
    const { dana, omar, id } = await crossed(world, options, scripted);
    await dana.press('Save');
    await place(dana).getByRole('alert').waitFor();
    await omar.page.goto(`/incidents/${id}`);
    await omar.field('Severity', omar.manage).selectOption('low');
    await omar.field('Incident name', omar.manage).fill('A third name');
    await omar.save(omar.manage);
    if (scripted) await shows(dana.history(), '"A third name"');
    const answer = dana.page.waitForResponse((response) => response.request().method() === 'POST');
    await dana.press('Save', place(dana));
    assert.equal((await answer).status(), 409, 'Omar changed the name again after the conflict was shown');
    await omar.page.reload();
    await omar.page.getByRole('heading', { level: 1, name: 'A third name' }).waitFor();
    assert.equal(await omar.field('Severity', omar.manage).inputValue(), 'low');
  });

  journey(`a new tag typed into a stale form is still there, ${how}`, { alerts: lab() }, async (world) => {
    const { dana } = await crossed(world, options, scripted);
    await dana.tag('kept tag');
    await dana.press('Save');
    await place(dana).getByRole('alert').waitFor();
    await dana.press('Save', place(dana));
    await dana.isTold('Saved.');
    await becomes(() => dana.names().then((names) => names.includes(MINE)).catch(() => false), true);
    await dana.openPane(MINE);
    await shows(dana.history(), 'Tag added: kept tag');
  });
}

journey('a half-typed comment survives the conflict', { alerts: lab() }, async (world) => {
  const { dana } = await crossed(world, {}, true);
  await dana.field('Add comment').fill('Half a comment');
  await dana.press('Save');
  await dana.pane.getByRole('alert').waitFor();
  assert.equal(await dana.field('Add comment').inputValue(), 'Half a comment');
});

journey('changes of two people to different fields both stand, without a conflict', { alerts: lab() }, async (world) => {
  const [dana, omar] = [new Analyst(await world.signIn('dana')), new Analyst(await world.signIn('omar'))];
  await dana.openPane(PAIR);
  await omar.openPane(PAIR);
  await dana.field('Incident name').fill(MINE);
  await omar.field('Severity').selectOption('low');
  await omar.save();
  await becomes(() => dana.field('Severity').inputValue(), 'low');
  await dana.save();
  await shows(dana.history(), `→ "${MINE}"`);
  assert.equal(await dana.field('Severity').inputValue(), 'low');
});

journey('the form says when somebody changes the field that is being edited', { alerts: lab() }, async (world) => {
  const { dana } = await crossed(world, {}, true);
  await shows(dana.pane.getByRole('status'), `Changed to: ${THEIRS}`);
  assert.equal(await dana.field('Incident name').inputValue(), MINE);
});

journey('a stale save of an alert answers with the conflict too', { alerts: lab() }, async (world) => {
  const dana = new Analyst(await world.signIn('dana', { javaScriptEnabled: false }), { scripted: false });
  const omar = new Analyst(await world.signIn('omar'));
  const id = await dana.id(PAIR);
  await dana.page.goto(`/incidents/${id}/alerts`);
  await dana.alerts.locator('tbody').getByRole('link').first().click();
  const form = (who) => who.page.getByRole('region', { name: 'Manage alert' });
  await form(dana).waitFor();
  await omar.page.goto(dana.page.url());
  await omar.field('Status', form(omar)).selectOption('inProgress');
  await omar.save(form(omar));
  await dana.field('Classification', form(dana)).selectOption('falsePositive:notMalicious');
  await dana.press('Save', form(dana));
  await form(dana).getByRole('alert').waitFor();
  assert.equal(await dana.field('Classification', form(dana)).inputValue(), 'falsePositive:notMalicious');
  assert.equal(await dana.field('Status', form(dana)).inputValue(), 'inProgress');
  await dana.save(form(dana));
  await becomes(() => dana.field('Classification', form(dana)).inputValue(), 'falsePositive:notMalicious');
});
