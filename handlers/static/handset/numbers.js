/** Kenyan mobile numbers: what may be given to a phone, and how a number is written for people. */

/** Gives the number as +254 and nine digits, or null where it is no Kenyan mobile number (07…, 010…, 011…). */
export function kenyanMobile(text) {
  const found = /^(?:\+?254|0)?(7\d{8}|1[01]\d{7})$/.exec(text.replace(/[\s-]/g, ""));
  return found && `+254${found[1]}`;
}

/** Gives +254700000001 as "+254 700 000 001". */
export function spaced(number) {
  return number.replace(/^(\+254)(\d{3})(\d{3})(\d{3})$/, "$1 $2 $3 $4");
}
