// What was dropped, picked or pasted, as a list of files.
//
// Invariant: nothing is read here but names and sizes; no more than MOST files are taken.
(function () {
  "use strict";
  const MOST = 2000;

  /** @param {FileList | File[]} files @returns {{path: string, blob: File}[]} */
  function picked(files) {
    return Array.from(files).slice(0, MOST).map(function (file) {
      return { path: file.webkitRelativePath || file.name, blob: file };
    });
  }

  /** All entries of a folder; the browser gives them in parts. */
  function entries(reader) {
    return new Promise(function (resolve) {
      reader.readEntries(resolve, function () { resolve([]); });
    }).then(function (part) {
      return part.length ? entries(reader).then(function (rest) { return part.concat(rest); }) : part;
    });
  }

  function walk(entry, into) {
    if (!entry || into.length >= MOST) return Promise.resolve();
    const path = entry.fullPath.replace(/^\//, "");
    if (entry.isFile) {
      return new Promise(function (resolve) {
        entry.file(function (file) {
          into.push({ path: path, blob: file });
          resolve();
        }, function () {
          into.push({ path: path, blob: new Blob([]) });
          resolve();
        });
      });
    }
    return entries(entry.createReader()).then(function (list) {
      return list.reduce(function (before, one) { return before.then(function () { return walk(one, into); }); }, Promise.resolve());
    });
  }

  /** What was taken from a drop: entries where the browser knows folders, files otherwise, or text.
   * @param {{entries: FileSystemEntry[], files: File[], text: string}} taken
   * @returns {Promise<{path: string, blob?: Blob, text?: string}[]>} */
  function dropped(taken) {
    if (!taken.entries.length) {
      return Promise.resolve(taken.files.length || !taken.text ? picked(taken.files) : [{ path: "pasted text", text: taken.text }]);
    }
    const into = [];
    return taken.entries.reduce(function (before, root) { return before.then(function () { return walk(root, into); }); }, Promise.resolve())
      .then(function () { return into.slice(0, MOST); });
  }

  /** Adds files to those that are there; one of the same name gets a number.
   * @template {{path: string}} T @param {T[]} known @param {T[]} added @returns {T[]} */
  function together(known, added) {
    const taken = new Set(known.map(function (file) { return file.path; }));
    return known.concat(added.map(function (file) {
      let path = file.path;
      for (let number = 2; taken.has(path); number++) path = file.path + " (" + number + ")";
      taken.add(path);
      return Object.assign({}, file, { path: path });
    })).slice(0, MOST);
  }

  window.fixbookGiven = { picked: picked, dropped: dropped, together: together };
})();
