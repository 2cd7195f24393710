// Adding a passkey to one's own account.

import { addressOf } from '../shared/base-path.js';
import { canUsePasskeys, onSubmit, readOptions } from '../sign-in/passkey.js';

async function ask(form) {
  const options = await readOptions(addressOf('/account/passkeys/options'), form);
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  return (await navigator.credentials.create({ publicKey })).toJSON();
}

const form = document.querySelector('[data-passkey-add]');
if (form && canUsePasskeys()) {
  onSubmit(form, ask);
  document.querySelector('[data-passkey-none]').hidden = true;
}
