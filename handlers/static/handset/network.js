/** What a phone may ask of the mobile network. The gateway's web server passes each call on to the simulator. */

/** A call failed; the message is the technical cause, for the small print. */
export class Fault extends Error {}

/** Dials a code. Gives { session, screen, open, length, answer_ms, error }, as `answer` does. */
export const dial = (phone, code, network) => post("dial", { phone, code, network });

/** Sends what was typed in a session. */
export const answer = (session, input) => post("answer", { session, input });

/** Ends a session from the phone's side; it reaches the network even while the page closes. */
export const drop = (session) => post("drop", { session }, { keepalive: true });

/** Sends an SMS from a phone to the county's short code. */
export const sendText = (phone, text) => post("sms", { phone, text });

/** Gives { messages } of a phone, newest last. */
export const inbox = (phone) => ask(`inbox?${new URLSearchParams({ phone })}`);

function post(call, body, options = {}) {
  const headers = { "Content-Type": "application/json" };
  return ask(call, { method: "POST", headers, body: JSON.stringify(body), ...options });
}

async function ask(call, options) {
  const response = await fetch(`/handset/api/${call}`, options).catch(() => {
    throw new Fault("The gateway's web server does not answer.");
  });
  const told = await response.json().catch(() => ({}));
  if (!response.ok) throw new Fault(told.error ?? `The gateway's web server answered ${response.status}.`);
  return told;
}
