import { markup, type Page } from './page';

/** Scanners open links, so that opening proves nothing; only the button does. */
export function verifyPage(addressHint: string): Page {
  return {
    title: 'Is this your address?',
    body: markup`<div class="card">
      <p>Somebody asked for messages to <strong>${addressHint}</strong>. If it was you, confirm it here.</p>
      <form method="post"><button>Confirm this address</button></form>
      <p class="soft">If it was not you, close this page: nothing else is sent there.</p>
    </div>`,
  };
}

export function verifiedPage(addressHint: string): Page {
  return {
    title: 'Confirmed',
    body: markup`<p class="done" role="status">
      Messages can now be sent to <strong>${addressHint}</strong>.
    </p>`,
  };
}

/** The same for whatever is wrong with a link: nobody learns from it what exists. */
export function deadLinkPage(): Page {
  return {
    title: 'This link does not work any more',
    body: markup`<p>
      It may have run out, been used already, or been cut off on its way. The newest message has the newest
      link.
    </p>`,
  };
}
