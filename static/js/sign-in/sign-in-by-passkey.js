// Signing in with a passkey.

import { addressOf } from '../shared/base-path.js';
import { canUsePasskeys, onSubmit, readOptions } from './passkey.js';

async function ask(form) {
  const options = await readOptions(addressOf('/login/passkey/options'), form);
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return (await navigator.credentials.get({ publicKey })).toJSON();
}

const form = document.querySelector('[data-passkey-sign-in]');
if (form && canUsePasskeys()) onSubmit(form, ask);
