// A file as somebody pastes it: the text that an editor shows, with the line ends of a text box.

/** @param {Uint8Array} bytes @returns {string} */
export function textOf(bytes) {
  const mark = (bytes[0] << 8) | bytes[1];
  const encoding = mark === 0xfffe ? "utf-16le" : mark === 0xfeff ? "utf-16be" : "utf-8";
  return decoded(bytes, encoding).replace(/\r\n?/g, "\n");
}

function decoded(bytes, encoding) {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
