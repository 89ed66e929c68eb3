/**
 * What a phone is doing, and what its keys mean meanwhile.
 *
 * Each mode names its two soft keys with their acts, the act of the green key, and the field that typing goes to.
 */

const nothing = () => {};

export const MODES = {
  idle: {
    left: ["Messages", (phone) => phone.openInbox()],
    right: ["Redial", (phone) => phone.redial()],
    green: (phone) => phone.redial(),
    field: ".dialled",
  },
  dialled: {
    left: ["Call", (phone) => phone.call()],
    right: ["Clear", (phone) => phone.goHome()],
    green: (phone) => phone.call(),
    field: ".dialled",
  },
  waiting: {
    left: ["", nothing],
    right: ["Cancel", (phone) => phone.hangUp()],
    green: nothing,
    scrolls: ".waiting",
  },
  asked: {
    left: ["Send", (phone) => phone.send()],
    right: ["Cancel", (phone) => phone.hangUp()],
    green: (phone) => phone.send(),
    field: ".answer",
    scrolls: ".screen",
  },
  told: {
    left: ["OK", (phone) => phone.hangUp()],
    right: ["Redial", (phone) => phone.redial()],
    green: (phone) => phone.redial(),
    scrolls: ".screen",
  },
  inbox: {
    left: ["Write", (phone) => phone.show("writing")],
    right: ["Back", (phone) => phone.goBack()],
    green: nothing,
    scrolls: ".inbox",
  },
  writing: {
    left: ["Send", (phone) => phone.sendText()],
    right: ["Back", (phone) => phone.openInbox()],
    green: (phone) => phone.sendText(),
    field: "textarea",
  },
};
