/** Names of hosts in letters other than a to z, read back from the form that addresses have (RFC 3492). Pure. */

const [BASE, T_MIN, T_MAX, SKEW, DAMP, FIRST_BIAS, FIRST_CODE] = [36, 1, 26, 38, 700, 72, 128];
const MOST_CODE = 0x10ffff;
/** No name has them, and on the page they could hide or turn round what is real. */
const INVISIBLE = /\p{C}|\p{Z}/u;

/** @param {string} host @returns {string} what cannot be read stays as it is */
export function unicodeHost(host) {
  const labels = host.split(".").map((label) => (label.startsWith("xn--") ? (decoded(label.slice(4)) ?? label) : label));
  return labels.join(".");
}

/** @param {string} text @returns {string | null} */
function decoded(text) {
  const dash = text.lastIndexOf("-");
  const codes = [...text.slice(0, Math.max(0, dash))].map((letter) => letter.charCodeAt(0));
  let [code, bias, place, at] = [FIRST_CODE, FIRST_BIAS, 0, dash + 1];
  while (at < text.length) {
    const read = integerAt(text, at, bias);
    if (!read) return null;
    at = read.end;
    const before = place;
    place += read.value;
    const count = codes.length + 1;
    bias = adapted(place - before, count, before === 0);
    code += Math.floor(place / count);
    if (code > MOST_CODE) return null;
    place %= count;
    codes.splice(place, 0, code);
    place += 1;
  }
  const name = String.fromCodePoint(...codes);
  return INVISIBLE.test(name) || codes.every((one) => one < FIRST_CODE) ? null : name;
}

/** @param {string} text @param {number} start @param {number} bias @returns {{value: number, end: number} | null} */
function integerAt(text, start, bias) {
  let [value, weight] = [0, 1];
  for (let [end, k] = [start, BASE]; end < text.length; end += 1, k += BASE) {
    const digit = digitOf(text.charCodeAt(end));
    if (digit === null) return null;
    value += digit * weight;
    const threshold = Math.min(T_MAX, Math.max(T_MIN, k - bias));
    if (digit < threshold) return { value, end: end + 1 };
    weight *= BASE - threshold;
    if (!Number.isSafeInteger(value) || !Number.isSafeInteger(weight)) return null;
  }
  return null;
}

/** @param {number} code of a letter or a digit */
function digitOf(code) {
  if (code >= 48 && code <= 57) return code - 22;
  const letter = code | 32;
  return letter >= 97 && letter <= 122 ? letter - 97 : null;
}

/** @param {number} delta @param {number} count @param {boolean} isFirst */
function adapted(delta, count, isFirst) {
  let [rest, k] = [Math.floor(delta / (isFirst ? DAMP : 2)), 0];
  rest += Math.floor(rest / count);
  for (; rest > ((BASE - T_MIN) * T_MAX) / 2; k += BASE) rest = Math.floor(rest / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW));
}
