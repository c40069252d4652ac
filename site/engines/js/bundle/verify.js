// A folder of a bundle, held against its manifest, and that against its signature: section 1.2 of the format.
//
// Invariant: a folder that passes has exactly the files that the manifest names, byte for byte, of one release; with a key
// the manifest was signed with it, which is looked at before anything in it is believed.
(function (engine) {
  "use strict";

  var MANIFEST = "manifest.json";
  var SIGNATURE = "manifest.json.sig";
  var RULES = "bundle.json";
  var MAX_MANIFEST = 256 << 10;
  var MAX_FILE = 64 << 20;
  /** Bytes of a signature by a key of 3072 bits. */
  var SIGNATURE_BYTES = 384;
  var SCHEME = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

  var NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
  var DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/i;

  /** A path that means the same file on every system. @param {string} path */
  function isPortable(path) {
    var names = path.split("/");
    return names.length <= 3 && !isOwn(engine.text.asciiLower(path)) && names.every(function (name) {
      return NAME.test(name) && !name.endsWith(".") && !DEVICE.test(name.split(".")[0]);
    });
  }

  /** The files that a manifest does not name: itself and its signature. */
  function isOwn(path) {
    return path === MANIFEST || path === SIGNATURE;
  }

  function hex(bytes) {
    return Array.from(bytes, function (byte) { return byte.toString(16).padStart(2, "0"); }).join("");
  }

  /** WebCrypto; a page has it where its address is one that browsers trust: `https:`, `file:`, `localhost`. */
  function subtle() {
    var crypto = globalThis.crypto;
    if (!crypto || !crypto.subtle) throw new Error("there is no WebCrypto here");
    return crypto.subtle;
  }

  /** @param {Uint8Array} bytes @returns {Promise<string>} in lower-case hex */
  async function sha256(bytes) {
    return hex(new Uint8Array(await subtle().digest("SHA-256", bytes)));
  }

  /** @param {string | Uint8Array} written SubjectPublicKeyInfo, in PEM or in DER */
  async function publicKey(written) {
    var crypto = subtle();
    try {
      var text = typeof written === "string" ? written : new TextDecoder("latin1").decode(written);
      var der = written;
      if (typeof written === "string" || text.includes("-----BEGIN")) {
        var pem = /^-----BEGIN PUBLIC KEY-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END PUBLIC KEY-----$/.exec(text.trim());
        der = Uint8Array.from(atob(pem[1]), function (c) { return c.charCodeAt(0); });
      }
      return await crypto.importKey("spki", der, SCHEME, false, ["verify"]);
    } catch (error) {
      throw engine.fault("bad-key", "the public key is no SubjectPublicKeyInfo of RSA, in PEM or in DER");
    }
  }

  /** @param {Uint8Array} bytes */
  function readManifest(bytes) {
    var manifest = engine.parseStrict(bytes, MAX_MANIFEST);
    var isKnown = engine.isKnownFormat(manifest, "fixbook-manifest", "not-a-manifest");
    try {
      engine.shapes.manifest(manifest, "the manifest", isKnown);
    } catch (error) {
      throw engine.fault("not-a-manifest", "this is not a manifest of a bundle: " + error.message);
    }
    return manifest;
  }

  function checkPaths(manifest, folder) {
    var paths = new Set();
    var folded = new Set();
    manifest.files.forEach(function (file) {
      if (!isPortable(file.path) || folded.has(engine.text.asciiLower(file.path))) {
        throw engine.fault("bad-path", "the manifest names `" + file.path + "`, which is no safe name or not the first");
      }
      paths.add(file.path);
      folded.add(engine.text.asciiLower(file.path));
    });
    Array.from(folder.keys()).sort(engine.text.compare).forEach(function (path) {
      if (paths.has(path) || isOwn(path)) return;
      if (folded.has(engine.text.asciiLower(path))) throw engine.fault("misnamed-file", "the manifest writes the name of `" + path + "` in other capitals");
      throw engine.fault("extra-file", "the manifest does not name `" + path + "`");
    });
  }

  async function checkContent(manifest, folder) {
    for (var at = 0; at < manifest.files.length; at++) {
      var file = manifest.files[at];
      var bytes = folder.get(file.path);
      if (bytes === undefined) throw engine.fault("missing-file", "`" + file.path + "` is missing");
      if (bytes.length !== file.size) throw engine.fault("wrong-size", "`" + file.path + "` has another size than the manifest says");
      if (await sha256(bytes) !== file.sha256) throw engine.fault("wrong-content", "`" + file.path + "` has another hash than the manifest says");
    }
  }

  /**
   * Verifies a folder before anything in it is used.
   * @param {Map<string, Uint8Array> | Object<string, Uint8Array>} files by path within the folder
   * @param {{publicKey?: string | Uint8Array, leastSerial?: number}} [options] without a key nobody vouches for the folder
   * @returns {Promise<{manifest: object, bundle: object}>} the bundle as `readBundle` gives it; a fault has its name in `code`
   */
  engine.verify = async function (files, options) {
    var wanted = options || {};
    var key = wanted.publicKey === undefined ? null : await publicKey(wanted.publicKey);
    var folder = files instanceof Map ? files : new Map(Object.entries(files));
    var signed = folder.get(MANIFEST);
    if (signed === undefined) throw engine.fault("missing-file", "`" + MANIFEST + "` is missing");
    var signature = folder.get(SIGNATURE);
    if (key && signature === undefined) throw engine.fault("not-signed", "there is no signature");
    folder.forEach(function (bytes, path) {
      if (bytes.length > (path === MANIFEST ? MAX_MANIFEST : MAX_FILE)) throw engine.fault("too-large", "`" + path + "` is too large");
    });
    if (key && !(signature.length === SIGNATURE_BYTES && await subtle().verify(SCHEME.name, key, signature, signed))) {
      throw engine.fault("wrong-signature", "the signature is not that of this manifest and this key");
    }
    var manifest = readManifest(signed);
    var least = wanted.leastSerial;
    if (least !== undefined && !(manifest.serial >= least)) {
      throw engine.fault("old-serial", "the serial is " + manifest.serial + "; less than " + least + " is refused");
    }
    checkPaths(manifest, folder);
    await checkContent(manifest, folder);
    if (!manifest.files.some(function (file) { return file.path === RULES; })) {
      throw engine.fault("missing-file", "`" + RULES + "` is missing");
    }
    var bundle = engine.readBundle(folder.get(RULES));
    ["name", "version", "format"].forEach(function (what) {
      if (manifest[what] !== bundle[what]) throw engine.fault("mixed", "manifest and rules are of different releases: their " + what + " differs");
    });
    return { manifest: manifest, bundle: bundle };
  };
})(globalThis.fixbookEngine = globalThis.fixbookEngine || {});
