// Correlation merges two incidents before somebody's eyes; one button takes it back.
import assert from 'node:assert/strict';
import { Analyst, BOTH } from './support/analyst.mjs';
import { MAILRULE, SCAN, alert, device, lab, user } from './support/alerts.mjs';
import { shows } from './support/expect.mjs';
import { journey } from './support/journey.mjs';

const TIE = 'Lab account signed in on a scanning machine';

for (const { how, scripted, options } of BOTH) {
  journey(`a merge is reported as it happens and undone with one button, ${how}`, { alerts: lab() }, async (world) => {
    const page = await world.signIn('dana', options);
    const dana = new Analyst(page, { scripted });
    const [kept, gone] = [await dana.id(MAILRULE), await dana.id(SCAN)].sort((one, other) => one - other);
    await page.goto(`/incidents/${gone}`);
    await dana.comment('The scanner is not ours.', page);
    await shows(dana.history(page).getByRole('list').first(), 'The scanner is not ours.');
    await page.goto(`/incidents/${kept}`);
    await world.server.ingest([alert({ title: TIE, minutesAgo: 10, evidence: [user('ida.holm'), device('lab-probe-3')] })]);
    if (!scripted) await page.reload();
    const entry = dana.history(page).getByRole('listitem').filter({ hasText: `Incident ${gone} merged into this one` });
    await shows(entry, 'links them');
    await page.goto(`/incidents/${kept}`);
    await shows(dana.history(page).getByRole('listitem').filter({ hasText: 'The scanner is not ours.' }), `from incident ${gone}`);

    await entry.getByRole('button', { name: 'Undo', exact: true }).click();
    await dana.isTold(`The merge was undone. 1 alert moved back to incident ${gone}.`);
    assert.match(page.url(), new RegExp(`/incidents/${gone}$`));
    await page.goto(`/incidents/${kept}`);
    await shows(dana.history(page), `The merge with incident ${gone} was undone`);
    assert.equal(await dana.history(page).getByText('The scanner is not ours.').count(), 0);
    assert.equal(await entry.getByRole('button', { name: 'Undo' }).count(), 0);
    assert.deepEqual(world.complaints, [], 'the browser complained');
  });
}
