// Fixbook.cs: reads a fixbook bundle, verifies it, and says from logs which of its issues a machine has.
//
// How to use it:
//
//     var bundle = Fixbook.Bundle.Load(@"C:\fixbook\v1", File.ReadAllBytes("key.pem"), 12);   // signed, serial >= 12
//     var report = bundle.Scan(new[] { Fixbook.Input.Open(@"C:\ExchangeSetupLogs\ExchangeSetup.log") });
//     foreach (var finding in report.Findings) Console.WriteLine(finding.Status + ": " + finding.Title);
//     Console.WriteLine(report.ToJson());                              // the document of report.schema.json
//
// Windows PowerShell 5.1:  Add-Type -Path Fixbook.cs -ReferencedAssemblies System.Core   (Invoke-Fixbook.ps1 does it)
// PowerShell 7 or later:   Add-Type -Path Fixbook.cs
// Compilers:               csc /t:library Fixbook.cs   or   mcs -langversion:5 -t:library Fixbook.cs
//
// Written in C# 5 for .NET Framework 4.5 and everything after it; of assemblies it needs System and System.Core alone.
// It reads all formats of bundle format 1.0, whose specification (bundle.md) is the word on everything that is done
// here; numbers of sections in comments are those of that page. It opens no connection, starts and writes nothing.
//
// Contents, in the order of the work; search for "// ----":
//   what callers see            Bundle, Input, Report
//   reading the rules           Json, Shape, BundleReader; Folder, Der (verification)
//   text                        CodePoints, TextDecoder; Lowering, Pattern
//   records                     Paragraphs, Registry, ServiceList, WindowsEvent, Xml; RecordStream, Marks, Reading
//   what they are asked         Check, Program, Needles, View, Ledger
//   what that means             Scope, Tie, Sequence (truth); Template, Signature, Verdicts (the report); Matcher
//
// Invariant: strings are compared by code unit or, where an order shows, by code point; no culture is ever asked.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Fixbook {
    /// <summary>Why a bundle was refused. <see cref="Code"/> is one of the names of section 1.2.</summary>
    public sealed class BundleException : Exception {
        /// <summary>A fault with its code and a sentence for people.</summary>
        public BundleException(string code, string message)
            : base(message + " [" + code + "]") {
            Code = code;
        }

        /// <summary>Kebab-case name of the fault.</summary>
        public string Code { get; private set; }
    }

    /// <summary>A file of the evidence.</summary>
    public sealed class Input {
        private readonly Func<Stream> open;

        private Input(string path, Func<Stream> open) {
            Path = path;
            this.open = open;
        }

        /// <summary>As it is named in the report; its last part helps to recognise it.</summary>
        public string Path { get; private set; }

        /// <summary>A file on disk. It is opened when it is read, beside programs that go on writing to it.</summary>
        public static Input Open(string path) {
            return new Input(path, delegate {
                return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            });
        }

        /// <summary>Bytes in memory.</summary>
        public static Input Of(string path, byte[] bytes) {
            return new Input(path, delegate { return new MemoryStream(bytes, false); });
        }

        /// <summary>Pasted text.</summary>
        public static Input Paste(string text) {
            return Of("pasted", new UTF8Encoding(false).GetBytes(text));
        }

        internal Stream Read() {
            return open();
        }
    }

    /// <summary>A bundle that was read and found sound, ready to scan.</summary>
    public sealed class Bundle {
        private readonly Matcher matcher;

        private Bundle(BundleReader reader, string sha256) {
            Name = reader.Name;
            Version = reader.Version;
            Format = reader.Format;
            Sha256 = sha256;
            Skipped = reader.Skipped.AsReadOnly();
            Sources = reader.Sources;
            Issues = reader.Issues;
            matcher = new Matcher(this);
        }

        /// <summary>Name of the knowledge base.</summary>
        public string Name { get; private set; }

        /// <summary>Version of the content.</summary>
        public string Version { get; private set; }

        /// <summary>MAJOR.MINOR of the bundle's format.</summary>
        public string Format { get; private set; }

        /// <summary>Hash of the exact bytes of <c>bundle.json</c>, in lower-case hex.</summary>
        public string Sha256 { get; private set; }

        /// <summary>
        /// Counts the releases; null without a manifest that says so. Keep it: it must never go back.
        /// </summary>
        public long? Serial { get; private set; }

        /// <summary>Whether the signature was checked. A bundle whose signature is wrong is never read.</summary>
        public bool IsSigned { get; private set; }

        /// <summary>Issues of the bundle that need more than this engine has, section 2.1.</summary>
        public IList<Skipped> Skipped { get; private set; }

        internal List<Json> Sources { get; private set; }

        internal List<Json> Issues { get; private set; }

        /// <summary>Reads the bytes of a <c>bundle.json</c>. Nothing vouches for them.</summary>
        public static Bundle Read(byte[] bytes) {
            return new Bundle(new BundleReader(bytes), Folder.Sha256(bytes));
        }

        /// <summary>
        /// Reads and verifies a published folder (section 1.2), or reads a single <c>bundle.json</c>.
        /// </summary>
        /// <param name="path">The folder or the file.</param>
        /// <param name="publicKey">PEM or DER of the key that it must be signed with; null asks for no
        /// signature.</param>
        /// <param name="leastSerial">A manifest with a smaller serial, or with none, is refused; null accepts
        /// any.</param>
        public static Bundle Load(string path, byte[] publicKey, long? leastSerial) {
            if (Directory.Exists(path)) return Verify(Folder.Load(path), publicKey, leastSerial);
            if (publicKey != null || leastSerial != null) {
                throw new ArgumentException("A key and a serial are about a folder with a manifest; this is a file: "
                    + path);
            }
            return Read(File.ReadAllBytes(path));
        }

        /// <summary>The same for files in memory, by their path within the folder.</summary>
        public static Bundle Verify(IDictionary<string, byte[]> files, byte[] publicKey, long? leastSerial) {
            var folder = new Folder(files);
            if (publicKey != null) folder.CheckSignature(publicKey);
            folder.Check(leastSerial);
            var bundle = Read(files[Folder.Rules]);
            folder.CheckRelease(bundle);
            bundle.Serial = folder.Serial;
            bundle.IsSigned = publicKey != null;
            return bundle;
        }

        /// <summary>Reads the evidence and decides every rule on the whole of it.</summary>
        public Report Scan(IEnumerable<Input> files) {
            return matcher.Scan(files);
        }
    }

    /// <summary>What a scan found out; <c>report.schema.json</c> describes the document.</summary>
    public sealed class Report {
        internal Report() {
        }

        /// <summary>The rules that were used.</summary>
        public Bundle Bundle { get; internal set; }

        /// <summary>The files in the order of their paths.</summary>
        public IList<FileReport> Files { get; internal set; }

        /// <summary>What was recognised; the likeliest root cause first.</summary>
        public IList<Finding> Findings { get; internal set; }

        /// <summary>Error blocks that no issue explains.</summary>
        public IList<Unexplained> Unexplained { get; internal set; }

        /// <summary>
        /// Issues that were not looked for: with these, nothing found does not mean that nothing is wrong.
        /// </summary>
        public IList<Skipped> Skipped { get; internal set; }

        /// <summary>The document in canonical JSON: sorted keys, no blanks, one line.</summary>
        public string ToJson() {
            var bundle = new Json().With("name", Bundle.Name).With("version", Bundle.Version)
                .With("sha256", Bundle.Sha256);
            var json = new Json().With("schema", "fixbook-scan/1").With("bundle", bundle)
                .With("files", Files.Select(file => file.ToJson()))
                .With("findings", Findings.Select(finding => finding.ToJson()))
                .With("unexplained", Unexplained.Select(block => block.ToJson()));
            if (Skipped.Count > 0) json.With("skipped", Skipped.Select(issue => issue.ToJson()));
            return json.Write();
        }
    }

    /// <summary>One file of the evidence.</summary>
    public sealed class FileReport {
        internal FileReport() {
        }

        /// <summary>As it was given.</summary>
        public string Path { get; internal set; }

        /// <summary>Id of the source that it was recognised as; null when it was not.</summary>
        public string Source { get; internal set; }

        /// <summary><c>utf-8</c>, <c>utf-16le</c>, <c>utf-16be</c> or <c>windows-1252</c>.</summary>
        public string Encoding { get; internal set; }

        /// <summary>Bytes read.</summary>
        public long Bytes { get; internal set; }

        /// <summary><c>complete</c>, <c>partial</c>, <c>failed</c> or <c>unrecognised</c>.</summary>
        public string Status { get; internal set; }

        /// <summary>Why it is not complete; null when there is nothing to say.</summary>
        public string Note { get; internal set; }

        /// <summary>Byte sequences that were not text and became U+FFFD.</summary>
        public long Replaced { get; internal set; }

        /// <summary>The runs of the file in order; at most the last 1,000.</summary>
        public IList<RunReport> Runs { get; internal set; }

        /// <summary>Earlier runs that are not listed.</summary>
        public long RunsOmitted { get; internal set; }

        internal Json ToJson() {
            var json = new Json().With("path", Path).With("encoding", Encoding).With("bytes", Bytes)
                .With("status", Status)
                .With("replaced", Replaced).With("runs", Runs.Select(run => run.ToJson()));
            if (Source != null) json.With("source", Source);
            if (Note != null) json.With("note", Note);
            if (RunsOmitted > 0) json.With("runs_omitted", RunsOmitted);
            return json;
        }
    }

    /// <summary>One run of an appended log.</summary>
    public sealed class RunReport {
        internal RunReport() {
        }

        /// <summary>Counts from 1 within the file.</summary>
        public long Run { get; internal set; }

        /// <summary>Counts from 1 within the file.</summary>
        public long FirstLine { get; internal set; }

        /// <summary>Inclusive.</summary>
        public long LastLine { get; internal set; }

        /// <summary><c>failure</c>, <c>success</c> or <c>unknown</c>.</summary>
        public string Outcome { get; internal set; }

        /// <summary>Whether the record that closes a run was seen; null when the source has none.</summary>
        public bool? Ended { get; internal set; }

        /// <summary>What the run says about itself.</summary>
        public IDictionary<string, string> Facts { get; internal set; }

        internal Json ToJson() {
            var json = new Json().With("run", Run).With("first_line", FirstLine).With("last_line", LastLine)
                .With("outcome", Outcome);
            if (Ended != null) json.With("ended", Json.Of(Ended.Value));
            if (Facts.Count > 0) json.With("facts", Json.Of(Facts));
            return json;
        }
    }

    /// <summary>An issue that was recognised, or may be.</summary>
    public sealed class Finding {
        internal Finding() {
            Superseded = new List<Finding>();
        }

        /// <summary>Id of the issue.</summary>
        public string Issue { get; internal set; }

        /// <summary><c>matched</c> or <c>possible</c>.</summary>
        public string Status { get; internal set; }

        /// <summary><c>critical</c> to <c>info</c>.</summary>
        public string Severity { get; internal set; }

        /// <summary>How surely a match means this issue: <c>high</c>, <c>medium</c>, <c>low</c>.</summary>
        public string Confidence { get; internal set; }

        /// <summary>One line in the words of the screen.</summary>
        public string Title { get; internal set; }

        /// <summary>One sentence with what was read from the log.</summary>
        public string Summary { get; internal set; }

        /// <summary>Values read from the log: text that somebody else may have written.</summary>
        public IDictionary<string, string> Captures { get; internal set; }

        /// <summary>For <c>possible</c>: ids of the sources that would decide it.</summary>
        public IList<string> Needs { get; internal set; }

        /// <summary>The records that speak for it; at most 20.</summary>
        public IList<Evidence> Evidence { get; internal set; }

        /// <summary>What to do: one text a step, its commands on lines of their own.</summary>
        public IList<string> Fix { get; internal set; }

        /// <summary>How to see that it worked, in the same form. Not part of the document.</summary>
        public IList<string> Verify { get; internal set; }

        /// <summary>How to go back, in the same form. Not part of the document.</summary>
        public IList<string> Rollback { get; internal set; }

        /// <summary>Path of the page within the site.</summary>
        public string Url { get; internal set; }

        /// <summary>Findings that this one explains better.</summary>
        public IList<Finding> Superseded { get; private set; }

        internal Json ToJson() {
            var json = new Json().With("issue", Issue).With("status", Status).With("severity", Severity)
                .With("confidence", Confidence).With("title", Title).With("summary", Summary)
                .With("captures", Json.Of(Captures)).With("needs", Needs.Select(Json.Of))
                .With("evidence", Evidence.Select(one => one.ToJson())).With("fix", Fix.Select(Json.Of))
                .With("url", Url);
            if (Superseded.Count > 0) json.With("superseded", Superseded.Select(finding => finding.ToJson()));
            return json;
        }
    }

    /// <summary>A record that speaks for a finding.</summary>
    public sealed class Evidence {
        internal Evidence() {
        }

        /// <summary>Path of the file.</summary>
        public string File { get; internal set; }

        /// <summary>Id of the source that the file was read as.</summary>
        public string Source { get; internal set; }

        /// <summary>Run of the file.</summary>
        public long Run { get; internal set; }

        /// <summary>Counts from 1 within the file.</summary>
        public long FirstLine { get; internal set; }

        /// <summary>Inclusive.</summary>
        public long LastLine { get; internal set; }

        /// <summary>At most 2,000 characters of the record.</summary>
        public string Excerpt { get; internal set; }

        internal Json ToJson() {
            return new Json().With("file", File).With("source", Source).With("run", Run).With("first_line", FirstLine)
                .With("last_line", LastLine).With("excerpt", Excerpt);
        }
    }

    /// <summary>An error block that no issue explains.</summary>
    public sealed class Unexplained {
        internal Unexplained() {
        }

        /// <summary>Path of the file.</summary>
        public string File { get; internal set; }

        /// <summary>Run of the file.</summary>
        public long Run { get; internal set; }

        /// <summary>Counts from 1 within the file.</summary>
        public long FirstLine { get; internal set; }

        /// <summary>Inclusive.</summary>
        public long LastLine { get; internal set; }

        /// <summary>The same text for the same failure on any server.</summary>
        public string Signature { get; internal set; }

        /// <summary>At most 2,000 characters of the block.</summary>
        public string Excerpt { get; internal set; }

        internal Json ToJson() {
            return new Json().With("file", File).With("run", Run).With("first_line", FirstLine)
                .With("last_line", LastLine)
                .With("signature", Signature).With("excerpt", Excerpt);
        }
    }

    /// <summary>An issue of the bundle that was not looked for.</summary>
    public sealed class Skipped {
        internal Skipped(string id, string why) {
            Id = id;
            Why = why;
        }

        /// <summary>Its id.</summary>
        public string Id { get; private set; }

        /// <summary>One phrase.</summary>
        public string Why { get; private set; }

        internal Json ToJson() {
            return new Json().With("id", Id).With("why", Why);
        }
    }

    // ---- The JSON, section 2 --------------------------------------------------------------------------------------

    internal enum Kind { Null, Boolean, Number, String, List, Object }

    /// <summary>A JSON value. Invariant: what <see cref="Json.Parse"/> gives was read as section 2 wants.</summary>
    internal sealed class Json {
        internal const int MaxBytes = 64 << 20;
        internal const int MaxValues = 4000000;
        internal const int MaxDepth = 32;
        private static readonly List<Json> None = new List<Json>();

        private readonly Dictionary<string, Json> fields;

        /// <summary>An empty object, to be filled by <c>With</c>.</summary>
        internal Json() {
            Kind = Kind.Object;
            fields = new Dictionary<string, Json>(StringComparer.Ordinal);
        }

        private Json(Kind kind, string text, List<Json> items) {
            Kind = kind;
            Text = text;
            Items = items;
        }

        internal Kind Kind { get; private set; }

        /// <summary>A string, or the letters of a number or a boolean.</summary>
        internal string Text { get; private set; }

        internal List<Json> Items { get; private set; }

        internal ICollection<string> Keys {
            get { return fields.Keys; }
        }

        /// <summary>The value of a key, null when the object does not have it.</summary>
        internal Json this[string key] {
            get {
                Json value;
                return Kind == Kind.Object && fields.TryGetValue(key, out value) ? value : null;
            }
        }

        internal static Json Of(string text) {
            return new Json(Kind.String, text, null);
        }

        internal static Json Of(bool value) {
            return new Json(Kind.Boolean, value ? "true" : "false", null);
        }

        internal static Json Of(long value) {
            return new Json(Kind.Number, value.ToString(CultureInfo.InvariantCulture), null);
        }

        internal static Json Of(IEnumerable<Json> items) {
            return new Json(Kind.List, null, items.ToList());
        }

        internal static Json Of(IDictionary<string, string> map) {
            var json = new Json();
            foreach (var pair in map) json.With(pair.Key, pair.Value);
            return json;
        }

        internal Json With(string key, Json value) {
            fields[key] = value;
            return this;
        }

        internal Json With(string key, string value) {
            return With(key, Of(value));
        }

        internal Json With(string key, long value) {
            return With(key, Of(value));
        }

        internal Json With(string key, IEnumerable<Json> items) {
            return With(key, Of(items));
        }

        /// <summary>The text of a field, null when it is not there or no string.</summary>
        internal string String(string key) {
            var value = this[key];
            return value != null && value.Kind == Kind.String ? value.Text : null;
        }

        /// <summary>The number of a field, null when it is not there.</summary>
        internal long? Number(string key) {
            var value = this[key];
            return value == null ? (long?)null : long.Parse(value.Text, CultureInfo.InvariantCulture);
        }

        /// <summary>The items of a list; none when it is not there.</summary>
        internal List<Json> List(string key) {
            var value = this[key];
            return value == null || value.Kind != Kind.List ? None : value.Items;
        }

        /// <summary>The texts of a list; none when it is not there.</summary>
        internal List<string> Strings(string key) {
            return List(key).Select(item => item.Text).ToList();
        }

        /// <summary>The key of an object that has exactly one, such as a condition.</summary>
        internal string Only() {
            return fields.Keys.First();
        }

        /// <summary>Canonical JSON without the newline at its end.</summary>
        internal string Write() {
            var text = new StringBuilder();
            Write(text);
            return text.ToString();
        }

        private void Write(StringBuilder text) {
            var separator = "";
            switch (Kind) {
                case Kind.Null:
                    text.Append("null");
                    break;
                case Kind.String:
                    Quote(Text, text);
                    break;
                case Kind.List:
                    text.Append('[');
                    foreach (var item in Items) {
                        text.Append(separator);
                        item.Write(text);
                        separator = ",";
                    }
                    text.Append(']');
                    break;
                case Kind.Object:
                    text.Append('{');
                    foreach (var key in Keys.OrderBy(key => key, CodePoints.Order)) {
                        text.Append(separator);
                        Quote(key, text);
                        text.Append(':');
                        fields[key].Write(text);
                        separator = ",";
                    }
                    text.Append('}');
                    break;
                default:
                    text.Append(Text);
                    break;
            }
        }

        private static void Quote(string value, StringBuilder text) {
            text.Append('"');
            foreach (var c in value) {
                var named = "\b\t\n\f\r\"\\".IndexOf(c);
                if (named >= 0) text.Append('\\').Append("btnfr\"\\"[named]);
                else if (c < ' ') text.Append("\\u00").Append(((int)c).ToString("x2", CultureInfo.InvariantCulture));
                else text.Append(c);
            }
            text.Append('"');
        }

        /// <summary>Reads a document. The fault is a <see cref="BundleException"/>.</summary>
        internal static Json Parse(byte[] bytes) {
            if (bytes.Length > MaxBytes) {
                throw new BundleException("too-large", "the document has " + bytes.Length + " bytes");
            }
            string text;
            try {
                text = new UTF8Encoding(false, true).GetString(bytes);
            }
            catch (ArgumentException) {
                throw new BundleException("truncated", "the document is not UTF-8");
            }
            return new Parser(text).Document();
        }

        private sealed class Parser {
            private readonly string text;
            private int at;
            private int values;

            internal Parser(string text) {
                this.text = text;
            }

            internal Json Document() {
                var value = Value(0);
                if (Next() != '\0' || at < text.Length) throw Fault("something follows the document");
                return value;
            }

            private BundleException Fault(string message) {
                return new BundleException("truncated", "the document is not complete JSON: " + message
                    + " at character " + at);
            }

            /// <summary>The next character that is no blank, NUL at the end.</summary>
            private char Next() {
                while (at < text.Length && " \t\n\r".IndexOf(text[at]) >= 0) at++;
                return at < text.Length ? text[at] : '\0';
            }

            private void Expect(char c) {
                if (Next() != c) throw Fault("`" + c + "` is missing");
                at++;
            }

            private Json Value(int depth) {
                values++;
                if (values > MaxValues) {
                    throw new BundleException("too-many-values", "the document has too many values");
                }
                var c = Next();
                if ((c == '{' || c == '[') && depth == MaxDepth) {
                    throw new BundleException("too-deep", "the document is nested more than " + MaxDepth + " deep");
                }
                switch (c) {
                    case '{': return Object(depth + 1);
                    case '[': return List(depth + 1);
                    case '"': return Of(Quoted());
                    case 't': return Word("true", Kind.Boolean);
                    case 'f': return Word("false", Kind.Boolean);
                    case 'n': return Word("null", Kind.Null);
                    default: return Number();
                }
            }

            private Json Object(int depth) {
                var json = new Json();
                at++;
                if (Next() == '}') {
                    at++;
                    return json;
                }
                for (;;) {
                    if (Next() != '"') throw Fault("a key is missing");
                    var key = Quoted();
                    if (json.fields.ContainsKey(key)) {
                        throw new BundleException("duplicate-key", "the key `" + key + "` stands twice");
                    }
                    Expect(':');
                    json.With(key, Value(depth));
                    if (Next() == ',') at++;
                    else {
                        Expect('}');
                        return json;
                    }
                }
            }

            private Json List(int depth) {
                var items = new List<Json>();
                at++;
                if (Next() == ']') {
                    at++;
                    return Of(items);
                }
                for (;;) {
                    items.Add(Value(depth));
                    if (Next() == ',') at++;
                    else {
                        Expect(']');
                        return new Json(Kind.List, null, items);
                    }
                }
            }

            private Json Word(string word, Kind kind) {
                if (string.CompareOrdinal(text, at, word, 0, word.Length) != 0) throw Fault("a value is missing");
                at += word.Length;
                return new Json(kind, kind == Kind.Null ? null : word, null);
            }

            private static readonly Regex Digits = new Regex(@"\G-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+\-]?[0-9]+)?",
                RegexOptions.CultureInvariant);

            private Json Number() {
                var match = Digits.Match(text, at);
                double number;
                if (!match.Success || match.Length == 0) throw Fault("a value is missing");
                if (!double.TryParse(match.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out number) ||
                    double.IsInfinity(number)) {
                    throw Fault("a number is out of range");
                }
                at += match.Length;
                return new Json(Kind.Number, match.Value, null);
            }

            private string Quoted() {
                var from = ++at;
                StringBuilder text = null;
                for (;; at++) {
                    if (at >= this.text.Length) throw Fault("a string does not end");
                    var c = this.text[at];
                    if (c < ' ') throw Fault("a control character stands in a string");
                    if (c != '"' && c != '\\') continue;
                    if (c == '"' && text == null) return this.text.Substring(from, at++ - from);
                    if (text == null) text = new StringBuilder();
                    text.Append(this.text, from, at - from);
                    if (c == '"') {
                        at++;
                        return text.ToString();
                    }
                    Escape(text);
                    from = at + 1;
                }
            }

            /// <summary>Takes an escape and stops at its last character.</summary>
            private void Escape(StringBuilder text) {
                at++;
                var c = at < this.text.Length ? this.text[at] : '\0';
                var named = "btnfr\"\\/".IndexOf(c);
                if (c == 'u') {
                    var unit = Unit();
                    text.Append(unit);
                    if (!char.IsSurrogate(unit)) return;
                    if (char.IsLowSurrogate(unit) || !this.text.At(at + 1, "\\u")) {
                        throw Fault("half a character is escaped");
                    }
                    at += 2;
                    unit = Unit();
                    if (!char.IsLowSurrogate(unit)) throw Fault("half a character is escaped");
                    text.Append(unit);
                }
                else if (named >= 0 && c != '\0') text.Append("\b\t\n\f\r\"\\/"[named]);
                else throw Fault("an escape is unknown");
            }

            private char Unit() {
                int unit;
                if (at + 4 >= text.Length || !int.TryParse(text.Substring(at + 1, 4), NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture, out unit)) {
                    throw Fault("an escape is unknown");
                }
                at += 4;
                return (char)unit;
            }
        }
    }

    // ---- What a bundle looks like, section 3 ----------------------------------------------------------------------

    /// <summary>
    /// The objects of a bundle as a table: name and type of each field. <c>?</c>: optional; <c>=</c>: its default;
    /// <c>s</c> a string, <c>n</c> and <c>u</c> a number below 2^53 and 2^32, <c>b</c> a boolean, <c>[t]</c> a list,
    /// <c>{t}</c> a map, <c>a|b</c> one of these words, any other name another object. An object marked <c>one of</c>
    /// has exactly one of its fields.
    /// </summary>
    internal sealed class Shape {
        private static readonly Dictionary<string, Shape> All = Read(
            "manifest: schema s; format s; name s; version s; serial? n; commit? s; files [file]",
            "file: path s; size n; sha256 s",
            "bundle: schema s; format s; name s; version s; sources [any]; products [name]; shells [name]; "
                + "issues [any]",
            "name: id s; title s",
            "issue: id s; aliases? [s]; requires? [s]; kind issue|guide; title s; category s; "
                + "severity critical|high|medium|low|info; confidence high|medium|low; status stable|draft|deprecated; "
                + "risk low|medium|high; applies_to [s]; summary [segment]; detection? detection; supersedes? [s]; "
                + "fix [block]; verify [block]; rollback? [block]; references [reference]; url s",
            "reference: title s; url s",
            "one of block: step step; text [segment]; item [segment]; caution [segment]; command command; output s",
            "step: number u; text [segment]",
            "command: shell s; text [segment]",
            "one of segment: text s; capture capture",
            "capture: name s; filter? text|ps =text",
            "detection: run? last|every =last; outcome? not-success|any|success =not-success; rule node",
            "one of node: clause clause; all group; any group; none group; sequence group",
            "clause: source s; where? [test]; take? first|last|all; expect? [test]; count? count; literals? [s]",
            "count: gte? n; lte? n",
            "group: members [node]; same? record|block|run|key; within? within; compare? [compare]",
            "within: seconds? n; records? n",
            "compare: left s; op eq|ne|lt|lte|gt|gte; right s",
            "test: field s; test question; case_sensitive? b =false",
            "one of question: any_of [s]; contains_all [s]; contains_any [s]; starts_with [s]; ends_with [s]; "
                + "regex pattern; exists b; gte s; lte s",
            "pattern: source s; regex s; groups? [s]",
            "source: id s; requires? [s]; title s; collect s; "
                + "format records|lines|paragraphs|windows-event|registry|xml|service-list; files? [s]; "
                + "content? [pattern]; headers? [pattern]; pasted_headers? [pattern]; split? [split]; "
                + "derive? [derive]; runs? runs; blocks? blocks; pasted? {s}",
            "split: field s; starts_with s; at s; before s; after s",
            "derive: field s; regex pattern",
            "runs: starts [condition]; ends? [condition]; success? [condition]; failure? [condition]; facts? [fact]; "
                + "short? n =0",
            "blocks: opens [condition]; closes [condition]; dismisses? [condition]; gives? [derive]",
            "condition: where [test]; literals? [s]",
            "fact: field s; regex pattern; literals? [s]");

        private readonly Dictionary<string, Member> members = new Dictionary<string, Member>(StringComparer.Ordinal);
        private bool isChoice;

        private struct Member {
            internal string Type;
            internal string Default;
            internal bool IsOptional;
        }

        private static Dictionary<string, Shape> Read(params string[] lines) {
            var all = new Dictionary<string, Shape>(StringComparer.Ordinal);
            foreach (var line in lines) {
                var shape = new Shape { isChoice = line.StartsWith("one of ", StringComparison.Ordinal) };
                var head = line.Substring(0, line.IndexOf(':'));
                foreach (var part in line.Substring(head.Length + 1).Split(';')) {
                    var words = part.Trim().Split(' ');
                    shape.members.Add(words[0].TrimEnd('?'), new Member {
                        Type = words[1],
                        IsOptional = words[0].EndsWith("?", StringComparison.Ordinal),
                        Default = words.Length > 2 ? words[2].Substring(1) : null
                    });
                }
                all.Add(head.Substring(head.LastIndexOf(' ') + 1), shape);
            }
            return all;
        }

        /// <summary>
        /// Why a value is not of a type, null when it is. With <paramref name="isExact"/> unknown fields are faults,
        /// and so are optional ones that hold their default. Each pattern found on the way is handed to
        /// <paramref name="check"/>, which gives its fault or null.
        /// </summary>
        internal static string Fault(Json value, string type, bool isExact, Func<Json, string> check) {
            if (type == "any") return null;
            if (type == "s") return value.Kind == Kind.String ? null : " is not a string";
            if (type == "b") return value.Kind == Kind.Boolean ? null : " is not true or false";
            if (type == "n") return IsWhole(value, 1L << 53) ? null : " is not a whole number below 2^53";
            if (type == "u") return IsWhole(value, 1L << 32) ? null : " is not a whole number below 2^32";
            if (type.IndexOf('|') >= 0) {
                var isOne = value.Kind == Kind.String && type.Split('|').Contains(value.Text);
                return isOne ? null : " is not one of " + type;
            }
            if (type[0] == '[') {
                return value.Kind != Kind.List ? " is not a list" : First(value.Items.Select((item, index) =>
                    At("[" + index + "]", Fault(item, type.Substring(1, type.Length - 2), isExact, check))));
            }
            if (value.Kind != Kind.Object) return " is not an object";
            if (type[0] == '{') {
                return First(value.Keys.Select(key =>
                    At("." + key, Fault(value[key], type.Substring(1, type.Length - 2), isExact, check))));
            }
            return All[type].Fault(value, isExact, check) ?? (type == "pattern" && check != null ? check(value) : null);
        }

        private string Fault(Json value, bool isExact, Func<Json, string> check) {
            if (isChoice && (value.Keys.Count != 1 || !members.ContainsKey(value.Only()))) {
                return " is of no known kind";
            }
            foreach (var key in value.Keys) {
                Member member;
                if (members.TryGetValue(key, out member)) {
                    var fault = Fault(value[key], member.Type, isExact, check);
                    if (fault == null && isExact && member.IsOptional && IsDefault(value[key], member)) {
                        fault = " holds its default";
                    }
                    if (fault != null) return "." + key + fault;
                }
                else if (isExact) return "." + key + " is a field that this format does not have";
            }
            if (isChoice) return null;
            return First(members.Where(pair => !pair.Value.IsOptional && value[pair.Key] == null)
                .Select(pair => "." + pair.Key + " is missing"));
        }

        private static bool IsDefault(Json value, Member member) {
            if (value.Kind == Kind.List) return value.Items.Count == 0;
            return value.Kind != Kind.Object && value.Text == member.Default;
        }

        private static bool IsWhole(Json value, long bound) {
            long number;
            return value.Kind == Kind.Number && value.Text.All(c => c >= '0' && c <= '9') &&
                long.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out number) &&
                number < bound;
        }

        private static string First(IEnumerable<string> faults) {
            return faults.FirstOrDefault(fault => fault != null);
        }

        private static string At(string place, string fault) {
            return fault == null ? null : place + fault;
        }
    }

    /// <summary>
    /// Reads a bundle. Invariant: what is in <see cref="Issues"/> and <see cref="Sources"/> was understood completely;
    /// what was not is listed in <see cref="Skipped"/>, section 2.1.
    /// </summary>
    internal sealed class BundleReader {
        private readonly bool isKnown;
        private readonly HashSet<string> unreadable = new HashSet<string>(StringComparer.Ordinal);

        internal BundleReader(byte[] bytes) {
            var json = Json.Parse(bytes);
            isKnown = IsKnown(json, "fixbook-bundle", "not-a-bundle");
            Demand(Shape.Fault(json, "bundle", isKnown, null));
            Format = json.String("format");
            Name = json.String("name");
            Version = json.String("version");
            Sources = new List<Json>();
            Issues = new List<Json>();
            Skipped = new List<Skipped>();
            var sources = new HashSet<string>(StringComparer.Ordinal);
            foreach (var source in json.List("sources")) {
                if (!sources.Add(Id(source, "a source"))) {
                    throw Invalid("the source `" + source.String("id") + "` stands twice");
                }
                if (Refused(source, "source") == null) Sources.Add(source);
                else unreadable.Add(source.String("id"));
            }
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var issue in json.List("issues")) Add(issue, names, sources);
        }

        internal string Name { get; private set; }

        internal string Version { get; private set; }

        internal string Format { get; private set; }

        internal List<Json> Sources { get; private set; }

        internal List<Json> Issues { get; private set; }

        internal List<Skipped> Skipped { get; private set; }

        /// <summary>Whether a document has a minor format that is known completely.</summary>
        internal static bool IsKnown(Json document, string schema, string code) {
            if (document.String("schema") != schema) {
                throw new BundleException(code, "its schema is not `" + schema + "`");
            }
            var format = document.String("format") ?? "";
            var match = Regex.Match(format, @"^(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\z",
                RegexOptions.CultureInvariant);
            if (match.Success && match.Groups[1].Value != "0" && match.Groups[1].Value != "1") {
                throw new BundleException("newer-format", "it has format " + format + "; this engine reads 1.0");
            }
            if (!match.Success || match.Groups[1].Value != "1") {
                throw new BundleException(code, "its format is `" + format + "`");
            }
            return match.Groups[2].Value == "0";
        }

        private static BundleException Invalid(string message) {
            return new BundleException("invalid", "the bundle is not valid: " + message);
        }

        private static void Demand(string fault) {
            if (fault != null) throw Invalid("the bundle" + fault);
        }

        private static string Id(Json part, string what) {
            var id = part.String("id");
            if (id == null) throw Invalid(what + " has no `id`");
            return id;
        }

        private void Add(Json issue, HashSet<string> names, HashSet<string> sources) {
            var id = Id(issue, "an issue");
            foreach (var name in issue.Strings("aliases").Where(alias => alias != null).Concat(new[] { id })) {
                if (!names.Add(name)) throw Invalid("the id `" + name + "` stands twice");
            }
            var why = Refused(issue, "issue");
            if (why == null && issue["detection"] != null) {
                var asked = Node.Of(issue).Clauses.Select(clause => clause.Source).ToList();
                var gone = asked.FirstOrDefault(source => !sources.Contains(source));
                if (gone != null) throw Invalid("`" + id + "` asks the source `" + gone + "`, which is not there");
                var unread = asked.FirstOrDefault(unreadable.Contains);
                if (unread != null) why = "it asks the source `" + unread + "`, which is written in a newer format";
            }
            if (why == null) Issues.Add(issue);
            else Skipped.Add(new Skipped(id, why));
        }

        /// <summary>
        /// Why a part has to be left out, null when it is sound. In a format that is known a fault refuses all.
        /// </summary>
        private string Refused(Json part, string type) {
            var requires = part["requires"];
            if (requires != null && Shape.Fault(requires, "[s]", false, null) != null) {
                throw Invalid("`" + part.String("id") + "` requires what is not a list of names");
            }
            // Format 1.0 has no features, so whatever is required is not there.
            if (requires != null && requires.Items.Count > 0) return "it needs `" + requires.Items[0].Text + "`";
            var fault = Shape.Fault(part, type, isKnown, Lowering.Fault);
            if (fault == null) return null;
            if (isKnown) throw Invalid("`" + part.String("id") + "`" + fault);
            return "it is written in a newer format";
        }
    }

    // ---- Verification, section 1.2 --------------------------------------------------------------------------------

    /// <summary>
    /// The files of a published bundle. Invariant: nothing in the manifest is believed before its signature.
    /// </summary>
    internal sealed class Folder {
        internal const string Rules = "bundle.json";
        private const string ManifestName = "manifest.json";
        private const string SignatureName = "manifest.json.sig";
        private const int MaxManifest = 256 << 10;
        private const int SignatureBytes = 384;

        private static readonly Regex FileName = new Regex(
            @"^(?!(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|\z))[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9_-])?\z",
            RegexOptions.CultureInvariant);

        private readonly IDictionary<string, byte[]> files;
        private Json manifest;

        internal Folder(IDictionary<string, byte[]> files) {
            this.files = files;
        }

        internal long? Serial {
            get { return manifest.Number("serial"); }
        }

        internal static string Sha256(byte[] bytes) {
            using (var hash = SHA256.Create()) return string.Concat(hash.ComputeHash(bytes)
                .Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));
        }

        /// <summary>
        /// Every file below a folder by its path with <c>/</c>. One that is too large is read one byte too far.
        /// </summary>
        internal static Dictionary<string, byte[]> Load(string root) {
            var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
            Load(new DirectoryInfo(root), "", files);
            return files;
        }

        private static void Load(DirectoryInfo folder, string within, Dictionary<string, byte[]> files) {
            foreach (var entry in folder.GetFileSystemInfos()) {
                var path = within + entry.Name;
                var inner = entry as DirectoryInfo;
                // A link leads somewhere else; it stands here empty, so that no manifest agrees with it.
                if ((entry.Attributes & FileAttributes.ReparsePoint) != 0) files[path] = new byte[0];
                else if (inner != null) Load(inner, path + "/", files);
                else files[path] = Bounded(entry.FullName);
            }
        }

        private static byte[] Bounded(string path) {
            using (var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read)) {
                var bytes = new byte[Math.Min(file.Length, Json.MaxBytes + 1L)];
                var length = 0;
                for (var read = 1; read > 0 && length < bytes.Length; length += read) {
                    read = file.Read(bytes, length, bytes.Length - length);
                }
                Array.Resize(ref bytes, length);
                return bytes;
            }
        }

        /// <summary>
        /// Whether the manifest was signed with this key, given as PEM or DER of a SubjectPublicKeyInfo.
        /// </summary>
        internal void CheckSignature(byte[] publicKey) {
            var key = Der.PublicKey(publicKey);
            var bytes = Get(ManifestName);
            byte[] signature;
            if (!files.TryGetValue(SignatureName, out signature)) {
                throw new BundleException("not-signed", "there is no signature");
            }
            if (bytes.Length > MaxManifest) {
                throw new BundleException("too-large", "the manifest has " + bytes.Length + " bytes");
            }
            // A key of another length than 3072 bits makes no signature of this length.
            var isWhole = signature.Length == SignatureBytes && key.Modulus.Length == SignatureBytes;
            if (!isWhole || !IsSigned(key, bytes, signature)) {
                throw new BundleException("wrong-signature", "the signature is not that of this manifest and this key");
            }
        }

        private static bool IsSigned(RSAParameters key, byte[] bytes, byte[] signature) {
            using (var rsa = new RSACryptoServiceProvider()) {
                rsa.PersistKeyInCsp = false;
                try {
                    rsa.ImportParameters(key);
                    return rsa.VerifyData(bytes, "SHA256", signature);
                }
                catch (CryptographicException) {
                    return false;
                }
            }
        }

        /// <summary>Holds all files against the manifest.</summary>
        internal void Check(long? leastSerial) {
            var bytes = Get(ManifestName);
            if (bytes.Length > MaxManifest) {
                throw new BundleException("too-large", "the manifest has " + bytes.Length + " bytes");
            }
            manifest = Json.Parse(bytes);
            var isKnown = BundleReader.IsKnown(manifest, "fixbook-manifest", "not-a-manifest");
            var fault = Shape.Fault(manifest, "manifest", isKnown, null);
            if (fault != null) throw new BundleException("not-a-manifest", "the manifest" + fault);
            if (leastSerial != null && (Serial == null || Serial < leastSerial)) {
                throw new BundleException("old-serial", "the serial is "
                    + (Serial == null ? "missing" : Serial.ToString()) + "; less than " + leastSerial + " is refused");
            }
            CheckPaths();
            foreach (var file in manifest.List("files")) {
                var path = file.String("path");
                var content = Get(path);
                if (content.Length != file.Number("size")) {
                    throw new BundleException("wrong-size", "`" + path + "` has another size than the manifest says");
                }
                if (Sha256(content) != file.String("sha256")) {
                    throw new BundleException("wrong-content", "`" + path
                        + "` has another hash than the manifest says");
                }
            }
            if (manifest.List("files").All(file => file.String("path") != Rules)) throw Missing(Rules);
        }

        private void CheckPaths() {
            var named = new HashSet<string>(StringComparer.Ordinal);
            var paths = new HashSet<string>(StringComparer.Ordinal) { ManifestName, SignatureName };
            foreach (var path in manifest.List("files").Select(file => file.String("path"))) {
                var lower = path.AsciiLower();
                var parts = lower.Split('/');
                var isSafe = parts.Length <= 3 && parts.All(part => FileName.IsMatch(part)) && lower != ManifestName &&
                    lower != SignatureName;
                if (!isSafe || !named.Add(lower)) {
                    throw new BundleException("bad-path", "the manifest names `" + path
                        + "`, which is no safe name or not the first");
                }
                paths.Add(path);
            }
            foreach (var path in files.Keys.Where(path => !paths.Contains(path))
                .OrderBy(path => path, CodePoints.Order)) {
                if (named.Contains(path.AsciiLower())) {
                    throw new BundleException("misnamed-file", "the manifest writes the name of `" + path
                        + "` in other capitals");
                }
                throw new BundleException("extra-file", "the manifest does not name `" + path + "`");
            }
        }

        /// <summary>Whether manifest and rules speak of the same release.</summary>
        internal void CheckRelease(Bundle bundle) {
            var differs = manifest.String("name") != bundle.Name ? "name"
                : manifest.String("version") != bundle.Version ? "version"
                : manifest.String("format") != bundle.Format ? "format" : null;
            if (differs != null) {
                throw new BundleException("mixed", "manifest and rules are of different releases: their " + differs
                    + " differs");
            }
        }

        private byte[] Get(string path) {
            byte[] bytes;
            if (!files.TryGetValue(path, out bytes)) throw Missing(path);
            return bytes;
        }

        private static BundleException Missing(string path) {
            return new BundleException("missing-file", "`" + path + "` is missing");
        }
    }

    /// <summary>
    /// As much of DER as a public key needs: X.690 lengths, X.509 SubjectPublicKeyInfo, PKCS#1 RSAPublicKey.
    /// </summary>
    internal sealed class Der {
        private const int Sequence = 0x30, BitString = 0x03, Integer = 0x02;
        private const string Begin = "-----BEGIN PUBLIC KEY-----", End = "-----END PUBLIC KEY-----";

        /// <summary>AlgorithmIdentifier of rsaEncryption: OID 1.2.840.113549.1.1.1 and NULL.</summary>
        private static readonly byte[] Rsa = { 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05,
            0x00 };

        private readonly byte[] bytes;
        private int at;
        private readonly int end;

        private Der(byte[] bytes, int from, int end) {
            this.bytes = bytes;
            at = from;
            this.end = end;
        }

        private static BundleException Bad(string message) {
            return new BundleException("bad-key", "the public key cannot be used: " + message);
        }

        internal static RSAParameters PublicKey(byte[] key) {
            var text = Encoding.ASCII.GetString(key).Trim();
            if (text.Has("-----BEGIN")) {
                if (!text.Begins(Begin) || !text.Ends(End)) throw Bad("the PEM is not a PUBLIC KEY");
                try {
                    key = Convert.FromBase64String(text.Substring(Begin.Length,
                        text.Length - Begin.Length - End.Length));
                }
                catch (FormatException) {
                    throw Bad("the PEM is damaged");
                }
            }
            var info = new Der(key, 0, key.Length).Open(Sequence, true);
            var algorithm = info.Open(Sequence, false);
            if (!algorithm.Rest().SequenceEqual(Rsa)) throw Bad("it is not an RSA key");
            var bits = info.Open(BitString, true);
            if (bits.at >= bits.end || bits.bytes[bits.at++] != 0) throw Bad("it is no SubjectPublicKeyInfo");
            var numbers = bits.Open(Sequence, true);
            var result = new RSAParameters { Modulus = numbers.Open(Integer, false).Number() };
            result.Exponent = numbers.Open(Integer, true).Number();
            return result;
        }

        /// <summary>Steps into the next value. <paramref name="isLast"/>: nothing may follow it.</summary>
        private Der Open(int tag, bool isLast) {
            var fault = Bad("it is no SubjectPublicKeyInfo, in PEM or in DER");
            if (end - at < 2 || bytes[at] != tag) throw fault;
            int length = bytes[at + 1];
            at += 2;
            if (length >= 0x80) {
                var count = length - 0x80;
                if (count < 1 || count > 2 || end - at < count) throw fault;
                for (length = 0; count > 0; count--) length = length << 8 | bytes[at++];
                if (length < 0x80) throw fault;
            }
            if (length > end - at || (isLast && length != end - at)) throw fault;
            var inner = new Der(bytes, at, at + length);
            at += length;
            return inner;
        }

        private byte[] Rest() {
            return bytes.Skip(at).Take(end - at).ToArray();
        }

        /// <summary>A positive integer without the zero that keeps it positive.</summary>
        private byte[] Number() {
            var rest = Rest();
            if (rest.Length == 0 || rest[0] >= 0x80) throw Bad("its numbers are not positive");
            return rest[0] == 0 && rest.Length > 1 ? rest.Skip(1).ToArray() : rest;
        }
    }

    // ---- Text and bytes, section 4 --------------------------------------------------------------------------------

    /// <summary>
    /// Strings as the specification means them: ordinal, case only of A to Z, blanks those of Unicode's White_Space,
    /// lengths in characters (code points) or in bytes of UTF-8. Invariant: no string here has a lone surrogate.
    /// </summary>
    internal static class CodePoints {
        /// <summary>The order of the code points, which is that of the bytes of UTF-8 but not that of UTF-16.</summary>
        internal static readonly IComparer<string> Order = new ByCodePoint();

        private sealed class ByCodePoint : IComparer<string> {
            public int Compare(string left, string right) {
                var length = Math.Min(left.Length, right.Length);
                for (var at = 0; at < length; at++) {
                    if (left[at] == right[at]) continue;
                    var isPair = char.IsSurrogate(left[at]);
                    return isPair == char.IsSurrogate(right[at]) ? left[at] - right[at] : isPair ? 1 : -1;
                }
                return left.Length - right.Length;
            }
        }

        internal static bool Has(this string text, string part) {
            return text.IndexOf(part, StringComparison.Ordinal) >= 0;
        }

        internal static bool Begins(this string text, string part) {
            return text.StartsWith(part, StringComparison.Ordinal);
        }

        internal static bool Ends(this string text, string part) {
            return text.EndsWith(part, StringComparison.Ordinal);
        }

        /// <summary>Whether a text goes on like this at a place.</summary>
        internal static bool At(this string text, int at, string part) {
            return at <= text.Length && string.CompareOrdinal(text, at, part, 0, part.Length) == 0;
        }

        /// <summary>The first place from <paramref name="from"/>, -1 when there is none.</summary>
        internal static int Find(this string text, string part, int from) {
            return from > text.Length ? -1 : text.IndexOf(part, from, StringComparison.Ordinal);
        }

        /// <summary>The first place from <paramref name="from"/>, -1 when there is none.</summary>
        internal static int Find(this string text, char c, int from) {
            return from > text.Length ? -1 : text.IndexOf(c, from);
        }

        /// <summary>The character at a place, NUL outside of the text, which has none.</summary>
        internal static char Char(this string text, int at) {
            return at >= 0 && at < text.Length ? text[at] : '\0';
        }

        internal static string Slice(this string text, int from, int to) {
            return text.Substring(from, to - from);
        }

        internal static string From(this string text, int from) {
            return from >= text.Length ? "" : text.Substring(from);
        }

        internal static bool IsBlank(char c) {
            if (c <= ' ') return c == ' ' || (c >= '\t' && c <= '\r');
            return c == '\u0085' || c == '\u00a0' || c == '\u1680' || (c >= '\u2000' && c <= '\u200a') ||
                c == '\u2028' || c == '\u2029' || c == '\u202f' || c == '\u205f' || c == '\u3000';
        }

        internal static bool IsBlank(this string text) {
            return text.All(IsBlank);
        }

        internal static string Bare(this string text) {
            return text.BareStart().BareEnd();
        }

        internal static string BareStart(this string text) {
            var from = 0;
            while (from < text.Length && IsBlank(text[from])) from++;
            return text.From(from);
        }

        internal static string BareEnd(this string text) {
            var to = text.Length;
            while (to > 0 && IsBlank(text[to - 1])) to--;
            return text.Substring(0, to);
        }

        /// <summary>The words between blanks.</summary>
        internal static IEnumerable<string> Words(this string text) {
            for (var at = 0; ;) {
                while (at < text.Length && IsBlank(text[at])) at++;
                if (at >= text.Length) yield break;
                var from = at;
                while (at < text.Length && !IsBlank(text[at])) at++;
                yield return text.Slice(from, at);
            }
        }

        internal static int Utf8Length(this string text) {
            var length = text.Length;
            // Each half of a pair counts two.
            foreach (var c in text) if (c > 0x7f) length += c < 0x800 || char.IsSurrogate(c) ? 1 : 2;
            return length;
        }

        /// <summary>The first bytes of UTF-8, fewer when the cut would fall into a character.</summary>
        internal static string Head(this string text, int bytes) {
            if (text.Length * 3L <= bytes) return text;
            for (int at = 0, taken = 0; at < text.Length; at++) {
                var c = text[at];
                taken += c < 0x80 ? 1 : c < 0x800 ? 2 : char.IsSurrogate(c) ? 4 : 3;
                if (taken > bytes) return text.Substring(0, at);
                if (char.IsSurrogate(c)) at++;
            }
            return text;
        }

        internal static int Characters(this string text) {
            return text.Length - text.Count(char.IsLowSurrogate);
        }

        /// <summary>The first characters, at most so many.</summary>
        internal static string Take(this string text, int most) {
            if (text.Length <= most) return text;
            var at = 0;
            for (var taken = 0; taken < most && at < text.Length; taken++) at += char.IsHighSurrogate(text[at]) ? 2 : 1;
            return text.Substring(0, at);
        }

        internal static bool IsControl(char c) {
            return c < ' ' || (c >= '\u007f' && c <= '\u009f');
        }

        internal static int Newlines(this string text, int from, int to) {
            var count = 0;
            for (var at = text.Find('\n', from); at >= 0 && at < to; at = text.Find('\n', at + 1)) count++;
            return count;
        }

        /// <summary>A to Z in lower case, all else as it is.</summary>
        internal static string AsciiLower(this string text) {
            var first = 0;
            while (first < text.Length && (text[first] < 'A' || text[first] > 'Z')) first++;
            if (first == text.Length) return text;
            var units = text.ToCharArray();
            for (var at = first; at < units.Length; at++) if (units[at] >= 'A' && units[at] <= 'Z') units[at] |= ' ';
            return new string(units);
        }

        internal static bool AsciiEquals(this string text, string other) {
            return text.Length == other.Length && text.AsciiLower() == other.AsciiLower();
        }

        /// <summary>All letters in lower case, by the rules of Unicode that ask no language.</summary>
        internal static string Lower(this string text) {
            var lower = new StringBuilder(text.Length);
            for (var at = 0; at < text.Length; at++) {
                if (text[at] == '\u0130') lower.Append("i\u0307");
                else if (text[at] == '\u03a3') lower.Append(IsFinal(text, at) ? '\u03c2' : '\u03c3');
                else if (!char.IsHighSurrogate(text[at])) lower.Append(char.ToLowerInvariant(text[at]));
                else lower.Append(text.Substring(at++, 2).ToLowerInvariant());
            }
            return lower.ToString();
        }

        /// <summary>A sigma at the end of a word: a letter stands before it and none behind it, marks aside.</summary>
        private static bool IsFinal(string text, int at) {
            var before = at - 1;
            while (before >= 0 && IsPassedOver(text[before])) before--;
            var after = at + 1;
            while (after < text.Length && IsPassedOver(text[after])) after++;
            return before >= 0 && IsCased(text[before]) && !(after < text.Length && IsCased(text[after]));
        }

        private static bool IsPassedOver(char c) {
            switch (char.GetUnicodeCategory(c)) {
                case UnicodeCategory.NonSpacingMark: case UnicodeCategory.EnclosingMark: case UnicodeCategory.Format:
                case UnicodeCategory.ModifierLetter: case UnicodeCategory.ModifierSymbol:
                    return true;
                default:
                    return "'.:\u00b7\u2018\u2019\u2024\u2027".IndexOf(c) >= 0;
            }
        }

        private static bool IsCased(char c) {
            return char.IsUpper(c) || char.IsLower(c) || char.GetUnicodeCategory(c) == UnicodeCategory.TitlecaseLetter;
        }

        /// <summary>
        /// Unicode's Alphabetic and Number, as near as .NET knows them; half a pair is asked with its other half.
        /// </summary>
        internal static bool IsWord(string text, int at) {
            if (char.IsLowSurrogate(text[at])) at--;
            switch (CharUnicodeInfo.GetUnicodeCategory(text, at)) {
                case UnicodeCategory.UppercaseLetter: case UnicodeCategory.LowercaseLetter:
                case UnicodeCategory.TitlecaseLetter: case UnicodeCategory.ModifierLetter:
                case UnicodeCategory.OtherLetter: case UnicodeCategory.LetterNumber:
                case UnicodeCategory.DecimalDigitNumber: case UnicodeCategory.OtherNumber:
                case UnicodeCategory.SpacingCombiningMark:
                    return true;
                default:
                    // Letters in circles.
                    return text[at] >= '\u24b6' && text[at] <= '\u24e9';
            }
        }

        /// <summary>The same without numbers that are no letters.</summary>
        internal static bool IsLetter(string text, int at) {
            var category = CharUnicodeInfo.GetUnicodeCategory(text, char.IsLowSurrogate(text[at]) ? at - 1 : at);
            return category != UnicodeCategory.DecimalDigitNumber && category != UnicodeCategory.OtherNumber &&
                IsWord(text, at);
        }
    }

    /// <summary>
    /// A streaming decoder, sections 4.1 and 4.2. Invariant: the text does not depend on how the bytes were cut into
    /// blocks.
    /// </summary>
    internal sealed class TextDecoder {
        private const int Window = 1024;

        /// <summary>
        /// 0x80 to 0x9F of Windows-1252 in the WHATWG Encoding Standard; all others are their own number.
        /// </summary>
        private const string Windows1252 =
            "\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f" +
            "\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178";

        private enum State { Start, Ascii, Utf8, Utf16Le, Utf16Be, Windows1252, Done }

        private State state = State.Start;
        private byte[] held = new byte[0];
        /// <summary>The last character was a CR, already written as LF: an LF that follows belongs to it.</summary>
        private bool afterCr;

        internal TextDecoder() {
            Encoding = "utf-8";
        }

        internal string Encoding { get; private set; }

        /// <summary>Malformed sequences that became U+FFFD.</summary>
        internal long Replaced { get; private set; }

        internal bool IsBinary { get; private set; }

        /// <summary>Bytes of UTF-8 of all text so far.</summary>
        internal long Length { get; private set; }

        /// <summary>The text of these bytes as far as it is known without what follows.</summary>
        internal string Push(byte[] bytes, int count, bool isEnd) {
            var data = new byte[held.Length + count];
            Buffer.BlockCopy(held, 0, data, 0, held.Length);
            Buffer.BlockCopy(bytes, 0, data, held.Length, count);
            var text = new StringBuilder();
            var used = Advance(data, isEnd, text);
            held = new byte[data.Length - used];
            Buffer.BlockCopy(data, used, held, 0, held.Length);
            if (isEnd) state = State.Done;
            return Plain(text.ToString());
        }

        /// <summary>Decodes what can be decoded and says how many bytes that was.</summary>
        private int Advance(byte[] data, bool isEnd, StringBuilder text) {
            var used = 0;
            if (state == State.Start) {
                if (data.Length < Window && !isEnd) return 0;
                used = Start(data, Math.Min(Window, data.Length));
            }
            if (state == State.Ascii) {
                for (; used < data.Length && data[used] < 0x80; used++) text.Append((char)data[used]);
                var rest = data.Length - used;
                if (rest == 0 || (rest < Window && !isEnd)) return used;
                state = IsUtf8(data, used, Math.Min(used + Window, data.Length)) ? State.Utf8 : State.Windows1252;
                Encoding = state == State.Utf8 ? "utf-8" : "windows-1252";
            }
            switch (state) {
                case State.Utf8:
                    int good, bad;
                    used = Utf8(data, used, data.Length, isEnd, text, out good, out bad);
                    Replaced += bad;
                    return used;
                case State.Windows1252:
                    text.Append(FromWindows1252(data, used));
                    return data.Length;
                case State.Done:
                    return data.Length;
                default:
                    long replaced;
                    used = Utf16(data, used, state == State.Utf16Be, isEnd, text, out replaced);
                    Replaced += replaced;
                    return used;
            }
        }

        /// <summary>Looks at the head and says how many bytes of it are a byte order mark.</summary>
        private int Start(byte[] data, int head) {
            var mark = 0;
            state = State.Ascii;
            if (head >= 3 && data[0] == 0xef && data[1] == 0xbb && data[2] == 0xbf) {
                state = State.Utf8;
                mark = 3;
            }
            else if (head >= 2 && data[0] == 0xff && data[1] == 0xfe) {
                state = State.Utf16Le;
                mark = 2;
            }
            else if (head >= 2 && data[0] == 0xfe && data[1] == 0xff) {
                state = State.Utf16Be;
                mark = 2;
            }
            else {
                state = Utf16WithoutMark(data, head / 2);
                IsBinary = state == State.Ascii && LooksBinary(data, head);
            }
            if (state == State.Utf16Le) Encoding = "utf-16le";
            if (state == State.Utf16Be) Encoding = "utf-16be";
            return mark;
        }

        private static bool IsPrintable(byte b) {
            return (b >= 0x20 && b <= 0x7e) || b == '\t' || b == '\n' || b == '\r';
        }

        private static bool IsLatin(byte b) {
            return IsPrintable(b) || b >= 0xa0;
        }

        private static State Utf16WithoutMark(byte[] data, int pairs) {
            int little = 0, big = 0, printable = 0;
            for (var at = 0; at < 2 * pairs; at += 2) {
                if (data[at + 1] == 0 && IsLatin(data[at])) little++;
                if (data[at] == 0 && IsLatin(data[at + 1])) big++;
                if (IsPrintable(data[at]) && IsPrintable(data[at + 1])) printable++;
            }
            if (pairs < 2 || printable * 4 > pairs) return State.Ascii;
            if (little * 5 >= pairs && big * 50 <= pairs) return State.Utf16Le;
            return big * 5 >= pairs && little * 50 <= pairs ? State.Utf16Be : State.Ascii;
        }

        private static bool LooksBinary(byte[] data, int head) {
            var odd = 0;
            for (var at = 0; at < head; at++) {
                var b = data[at];
                if (b == 0) odd += at > 0 && IsPrintable(data[at - 1]) ? 0 : 1;
                else if (b == 0x7f || (b < 0x20 && !IsPrintable(b) && b != '\f' && b != 0x1b)) odd++;
            }
            return odd * 20 > head;
        }

        private static bool IsUtf8(byte[] data, int from, int to) {
            int good, bad;
            // Without an end a sequence that is cut is neither well-formed nor malformed.
            Utf8(data, from, to, false, new StringBuilder(), out good, out bad);
            return good > 0 && good >= bad;
        }

        /// <summary>
        /// UTF-8 as the WHATWG Encoding Standard decodes it: each longest part that may begin a sequence becomes one
        /// U+FFFD. Gives the place behind what was decoded.
        /// </summary>
        private static int Utf8(byte[] data, int at, int to, bool isEnd, StringBuilder text, out int good,
            out int bad) {
            good = 0;
            bad = 0;
            while (at < to) {
                int lead = data[at];
                if (lead < 0x80) {
                    text.Append((char)lead);
                    at++;
                    continue;
                }
                var needed = lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
                var least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
                var most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
                var code = needed == 1 ? lead & 0x1f : needed == 2 ? lead & 0x0f : lead & 0x07;
                var next = at + 1;
                var left = needed;
                while (left > 0 && next < to && data[next] >= least && data[next] <= most) {
                    code = code << 6 | (data[next++] & 0x3f);
                    left--;
                    least = 0x80;
                    most = 0xbf;
                }
                if (left > 0 && next == to && !isEnd) return at;
                at = next;
                if (left > 0 || needed == 0) {
                    text.Append('\ufffd');
                    bad++;
                }
                else {
                    if (code < 0x10000) text.Append((char)code);
                    else text.Append(char.ConvertFromUtf32(code));
                    good++;
                }
            }
            return at;
        }

        internal static string FromWindows1252(byte[] data, int from) {
            var units = new char[data.Length - from];
            for (var at = from; at < data.Length; at++) {
                var b = data[at];
                units[at - from] = b >= 0x80 && b < 0xa0 ? Windows1252[b - 0x80] : (char)b;
            }
            return new string(units);
        }

        /// <summary>
        /// UTF-16; lone surrogates become U+FFFD and are counted. At the end an odd byte is one more bad sequence,
        /// unless it follows half a pair and is bad with it. Gives the place behind what was decoded.
        /// </summary>
        internal static int Utf16(byte[] data, int at, bool isBig, bool isEnd, StringBuilder text, out long replaced) {
            replaced = 0;
            var low = isBig ? 1 : 0;
            while (at + 1 < data.Length) {
                var c = (char)(data[at + low] | data[at + 1 - low] << 8);
                var next = at + 3 < data.Length ? (char)(data[at + 2 + low] | data[at + 3 - low] << 8) : '\0';
                if (char.IsHighSurrogate(c) && at + 3 >= data.Length && !isEnd) return at;
                at += 2;
                if (!char.IsSurrogate(c)) text.Append(c);
                else if (char.IsHighSurrogate(c) && char.IsLowSurrogate(next)) {
                    text.Append(c).Append(next);
                    at += 2;
                }
                else {
                    text.Append('\ufffd');
                    replaced++;
                    if (isEnd && at + 1 == data.Length && char.IsHighSurrogate(c)) return data.Length;
                }
            }
            if (!isEnd || at >= data.Length) return at;
            text.Append('\ufffd');
            replaced++;
            return data.Length;
        }

        /// <summary>Section 4.2.</summary>
        private string Plain(string text) {
            var plain = new StringBuilder(text.Length);
            foreach (var c in text) {
                if (c == '\0' || c == '\ufeff') continue;
                var isPair = afterCr && c == '\n';
                afterCr = c == '\r';
                if (isPair) continue;
                if (c < '\u0080') plain.Append(c == '\r' ? '\n' : c);
                else if (c == '\u00a0' || c == '\u2007' || c == '\u202f') plain.Append(' ');
                else if (c < '\u2007' || c > '\u2069') plain.Append(c);
                else if (c >= '\u2010' && c <= '\u2015') plain.Append('-');
                else if (c >= '\u2018' && c <= '\u201b') plain.Append('\'');
                else if (c >= '\u201c' && c <= '\u201f') plain.Append('"');
                else if (c != '\u200b' && c != '\u200e' && c != '\u200f' && !(c >= '\u202a' && c <= '\u202e') &&
                    c < '\u2066') {
                    plain.Append(c);
                }
            }
            var done = plain.ToString();
            Length += done.Utf8Length();
            return done;
        }
    }

    // ---- Patterns, section 10 -------------------------------------------------------------------------------------

    /// <summary>
    /// Reads the source of a pattern by the grammar and writes it lowered. It serves one purpose: a bundle whose
    /// <c>regex</c> is not that of its <c>source</c> was altered, and no other regex is ever handed to .NET.
    /// </summary>
    internal sealed class Lowering {
        private const int MaxLength = 1000, MaxDepth = 32, MaxRepeat = 1000;
        private const long MaxWeight = 5000;

        private readonly string source;
        private readonly bool isCaseSensitive;
        private readonly StringBuilder text = new StringBuilder();
        private readonly List<string> groups = new List<string>();
        private int at;
        private int depth;
        /// <summary>Whether what was read last may match nothing.</summary>
        private bool isEmpty;

        private Lowering(string source, bool isCaseSensitive) {
            this.source = source;
            this.isCaseSensitive = isCaseSensitive;
        }

        /// <summary>What is wrong with a pattern of a bundle, null when it is sound.</summary>
        internal static string Fault(Json pattern) {
            try {
                foreach (var isCaseSensitive in new[] { false, true }) {
                    var lowering = new Lowering(pattern.String("source"), isCaseSensitive);
                    lowering.Whole();
                    if (lowering.text.ToString() == pattern.String("regex") &&
                        lowering.groups.SequenceEqual(pattern.Strings("groups"))) {
                        return null;
                    }
                }
                return ".regex is not the lowered form of its source";
            }
            catch (FormatException) {
                return ".source is outside of the grammar";
            }
        }

        private static void Demand(bool isSound) {
            if (!isSound) throw new FormatException();
        }

        private char Peek() {
            return source.Char(at);
        }

        private bool Eat(string part) {
            if (!source.At(at, part)) return false;
            at += part.Length;
            return true;
        }

        private void Whole() {
            Demand(source.Characters() <= MaxLength);
            var weight = Alternatives();
            Demand(at == source.Length && weight <= MaxWeight);
        }

        /// <summary>Each part gives its weight: how many parts it is with its repetitions written out.</summary>
        private long Alternatives() {
            Demand(++depth <= MaxDepth);
            var weight = Branch();
            var mayBeEmpty = isEmpty;
            while (Eat("|")) {
                text.Append('|');
                weight += Branch();
                mayBeEmpty |= isEmpty;
            }
            isEmpty = mayBeEmpty;
            depth--;
            return weight;
        }

        private long Branch() {
            var from = at;
            var mayBeEmpty = true;
            long weight = 0;
            while (at < source.Length && Peek() != '|' && Peek() != ')') {
                if (Peek() == '^') {
                    Demand(at == from);
                    at++;
                    text.Append('^');
                    weight++;
                }
                else if (Peek() == '$') {
                    at++;
                    Demand(at == source.Length || Peek() == '|' || Peek() == ')');
                    text.Append("(?:$)");
                    weight++;
                }
                else {
                    weight += Repeated();
                    mayBeEmpty &= isEmpty;
                }
            }
            Demand(at > from);
            isEmpty = mayBeEmpty;
            return weight;
        }

        private long Repeated() {
            var captures = groups.Count;
            isEmpty = source.At(at, "\\b");
            var weight = Atom();
            int least, most;
            if (!Bounds(out least, out most)) return weight;
            Demand(!isEmpty && (groups.Count == captures || most == 1));
            isEmpty = least == 0;
            if (least == 0 && most == int.MaxValue) text.Append('*');
            else if (least == 1 && most == int.MaxValue) text.Append('+');
            else if (least == 0 && most == 1) text.Append('?');
            else {
                text.Append('{').Append(least);
                if (most != least) text.Append(',');
                if (most != least && most != int.MaxValue) text.Append(most);
                text.Append('}');
            }
            if (Eat("?")) text.Append('?');
            Demand(at == source.Length || "*+?{".IndexOf(Peek()) < 0);
            return Math.Min(weight, MaxWeight + 1) * Math.Max(most == int.MaxValue ? least : most, 1);
        }

        private bool Bounds(out int least, out int most) {
            least = Peek() == '+' ? 1 : 0;
            most = Peek() == '?' ? 1 : int.MaxValue;
            if (Eat("*") || Eat("+") || Eat("?")) return true;
            if (Peek() != '{') return false;
            var match = Regex.Match(source.From(at), @"^\{([0-9]{1,5})(?:(,)([0-9]{1,5})?)?\}",
                RegexOptions.CultureInvariant);
            Demand(match.Success);
            least = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            most = match.Groups[3].Success ? int.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture)
                : match.Groups[2].Success ? int.MaxValue : least;
            Demand(least <= MaxRepeat && (most == int.MaxValue || (most <= MaxRepeat && most >= least && most > 0)));
            at += match.Length;
            return true;
        }

        private long Atom() {
            var c = source[at];
            switch (c) {
                case '(': return Group();
                case '[':
                    at++;
                    Class();
                    return 1;
                case '\\':
                    Escape();
                    return 1;
                case '.':
                    at++;
                    text.Append(@"[^\n]");
                    return 1;
                default:
                    Demand("*+?{}]".IndexOf(c) < 0 && (!CodePoints.IsControl(c) || c == '\n' || c == '\t'));
                    at++;
                    Literal(c);
                    // A character above U+FFFF is one, so that a repetition takes all of it.
                    if (char.IsHighSurrogate(c)) text.Append(source[at++]);
                    return 1;
            }
        }

        private long Group() {
            if (Eat("(?:")) text.Append("(?:");
            else {
                Demand(Eat("(?<"));
                var close = source.Find('>', at);
                Demand(close > at);
                var name = source.Slice(at, close);
                Demand(Regex.IsMatch(name, @"^[a-z][a-z0-9_]{0,39}\z", RegexOptions.CultureInvariant) &&
                    !groups.Contains(name));
                groups.Add(name);
                at = close + 1;
                text.Append('(');
            }
            var weight = Alternatives();
            Demand(Eat(")"));
            text.Append(')');
            return weight;
        }

        private void Escape() {
            var c = source.Char(at + 1);
            at += 2;
            if (c == 'b') text.Append("\\b");
            else if ("dwsDWS".IndexOf(c) >= 0 && c != '\0') {
                var members = new bool[128];
                Shorthand(char.ToLowerInvariant(c), members);
                Write(members, c < 'a');
            }
            else Literal(Escaped(c));
        }

        private static char Escaped(char c) {
            if (c == 'n') return '\n';
            if (c == 't') return '\t';
            Demand(c > ' ' && c < '\u007f' && !IsWord(c) || c == '_');
            return c;
        }

        private static bool IsWord(char c) {
            return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= 'a' && c <= 'z');
        }

        private static void Shorthand(char letter, bool[] members) {
            for (var c = '\0'; c < 128; c++) {
                members[c] |= letter == 'd' ? c >= '0' && c <= '9'
                    : letter == 'w' ? IsWord(c)
                    : (c >= '\t' && c <= '\r') || c == ' ';
            }
        }

        private void Literal(char c) {
            if (c == '\n') text.Append("\\n");
            else if (c == '\t') text.Append("\\t");
            else if (c == '\\') text.Append(@"[\\]");
            else if (c < 128 && char.IsLetter(c) && !isCaseSensitive) {
                text.Append('[').Append((char)(c & ~' ')).Append((char)(c | ' ')).Append(']');
            }
            else {
                if ("^$.*+?()[]{}|".IndexOf(c) >= 0) text.Append('\\');
                text.Append(c);
            }
        }

        private void Class() {
            var isNegated = Eat("^");
            var members = new bool[128];
            var from = at;
            while (Peek() != ']') {
                char first, last;
                if (!ClassMember(members, out first)) continue;
                last = first;
                if (Peek() == '-' && source.Char(at + 1) != ']') {
                    at++;
                    Demand(ClassMember(members, out last) && last >= first);
                }
                for (var c = first; c <= last; c++) members[c] = true;
            }
            Demand(at > from);
            at++;
            if (!isCaseSensitive) {
                for (var c = 'a'; c <= 'z'; c++) members[c] = members[c & ~' '] = members[c] || members[c & ~' '];
            }
            Write(members, isNegated);
        }

        /// <summary>One character of a class; false for a shorthand, whose members are added.</summary>
        private bool ClassMember(bool[] members, out char c) {
            Demand(at < source.Length);
            c = source[at++];
            if (c != '\\') {
                Demand("[^-".IndexOf(c) < 0 && !((c == '&' || c == '~') && Peek() == c) && c < 128 &&
                    !CodePoints.IsControl(c));
                return true;
            }
            c = source.Char(at++);
            if (c == 'd' || c == 'w' || c == 's') {
                Shorthand(c, members);
                return false;
            }
            c = Escaped(c);
            return true;
        }

        private void Write(bool[] members, bool isNegated) {
            text.Append(isNegated ? "[^" : "[");
            for (var from = 0; from < 128; from++) {
                if (!members[from]) continue;
                var to = from;
                while (to < 127 && members[to + 1]) to++;
                ClassCharacter((char)from);
                if (to > from + 1) text.Append('-');
                if (to > from) ClassCharacter((char)to);
                from = to;
            }
            text.Append(']');
        }

        private void ClassCharacter(char c) {
            switch (c) {
                case '\n': text.Append("\\n"); break;
                case '\t': text.Append("\\t"); break;
                case '\v': text.Append("\\x0b"); break;
                case '\f': text.Append("\\x0c"); break;
                case '\r': text.Append("\\r"); break;
                default:
                    if (@"[]\^-".IndexOf(c) >= 0) text.Append('\\');
                    text.Append(c);
                    break;
            }
        }
    }

    /// <summary>A pattern took too long; the answer is not known.</summary>
    internal sealed class SlowPattern : Exception {
    }

    /// <summary>
    /// A pattern, compiled on first use. Invariant: means on UTF-16 what section 10 means on code points.
    /// </summary>
    internal sealed class Pattern {
        /// <summary>
        /// What a hostile text may cost before the pattern's issue is given up, and listed as skipped.
        /// </summary>
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
        private const string Boundary = "(?:(?<=[0-9A-Z_a-z])(?![0-9A-Z_a-z])|(?<![0-9A-Z_a-z])(?=[0-9A-Z_a-z]))";

        private readonly string regex;
        /// <summary>For texts without characters above U+FFFF, and for those with some: those are far slower.</summary>
        private Regex narrow, wide;

        internal Pattern(Json pattern) {
            regex = pattern.String("regex");
            Groups = pattern.Strings("groups");
        }

        /// <summary>Names of the groups 1, 2 and so on</summary>
        internal List<string> Groups { get; private set; }

        internal static List<Pattern> All(Json owner, string key) {
            return owner.List(key).Select(pattern => new Pattern(pattern)).ToList();
        }

        /// <summary>The first match; its <c>Success</c> says whether there is one.</summary>
        internal Match Find(string text) {
            var isWide = false;
            foreach (var c in text) isWide |= char.IsSurrogate(c);
            if (isWide && wide == null) wide = Compile(true);
            if (!isWide && narrow == null) narrow = Compile(false);
            try {
                return (isWide ? wide : narrow).Match(text);
            }
            catch (RegexMatchTimeoutException) {
                throw new SlowPattern();
            }
        }

        /// <summary>Adds the groups that are set, as they may be shown; false when the pattern is not found.</summary>
        internal bool Capture(string text, Fields captures) {
            var match = Find(text);
            if (!match.Success) return false;
            for (var at = 0; at < Groups.Count; at++) {
                var group = match.Groups[at + 1];
                if (group.Success) captures.Add(Groups[at], Clean(group.Value));
            }
            return true;
        }

        /// <summary>The end of section 7.2.</summary>
        private static string Clean(string value) {
            var clean = new StringBuilder();
            foreach (var c in value.Bare()) {
                if (c == '\n' || c == '\t') clean.Append(' ');
                else if (!CodePoints.IsControl(c)) clean.Append(c);
            }
            return clean.ToString().Take(500);
        }

        private Regex Compile(bool isWide) {
            var text = new StringBuilder();
            for (var at = 0; at < regex.Length; at++) {
                if (regex.At(at, "(?:$)")) {
                    text.Append("\\z");
                    at += 4;
                }
                else if (regex.At(at, "\\b")) {
                    text.Append(Boundary);
                    at++;
                }
                else if (regex[at] == '\\') text.Append(regex[at]).Append(regex[++at]);
                else if (regex[at] == '[') {
                    var isWhole = isWide && regex[at + 1] == '^';
                    if (isWhole) text.Append("(?:");
                    for (; regex[at] != ']'; at++) {
                        // An escaped hyphen begins no range in .NET: `[\--/]` would lack the dot.
                        if (regex.At(at, "\\-")) text.Append("\\u002D");
                        else text.Append(regex[at]);
                        if (regex[at] == '\\' && regex[++at] != '-') text.Append(regex[at]);
                    }
                    // A character above U+FFFF is in every negated class, and only as a whole.
                    text.Append(isWhole ? @"\uD800-\uDFFF]|[\uD800-\uDBFF][\uDC00-\uDFFF])" : "]");
                }
                else if (char.IsHighSurrogate(regex[at])) text.Append("(?:").Append(regex, at++, 2).Append(')');
                else text.Append(regex[at]);
            }
            return new Regex(text.ToString(), RegexOptions.CultureInvariant, Patience);
        }
    }

    /// <summary>Dotted versions of one to eight numbers, section 7.2.</summary>
    internal static class DottedVersion {
        /// <summary>The parts, null when a text is no version.</summary>
        internal static long[] Parse(string text) {
            var parts = text.Bare().Split('.');
            var isVersion = parts.Length <= 8 &&
                parts.All(part => part != "" && part.Length <= 18 && part.All(c => c >= '0' && c <= '9'));
            return !isVersion ? null : parts.Select(part => long.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        }

        internal static int Compare(long[] left, long[] right) {
            for (var at = 0; at < Math.Max(left.Length, right.Length); at++) {
                var order = (at < left.Length ? left[at] : 0).CompareTo(at < right.Length ? right[at] : 0);
                if (order != 0) return order;
            }
            return 0;
        }
    }

    // ---- Formats that are read whole, section 5.2 -----------------------------------------------------------------

    /// <summary>Names with a value each, in order; of two with one name the first counts.</summary>
    internal sealed class Fields {
        internal readonly List<KeyValuePair<string, string>> List = new List<KeyValuePair<string, string>>();

        internal string Get(string name) {
            foreach (var field in List) if (field.Key == name) return field.Value;
            return null;
        }

        internal void Add(string name, string value) {
            List.Add(new KeyValuePair<string, string>(name, value));
        }

        /// <summary>Sets a field that is not set yet, unless the value is blank.</summary>
        internal void AddFirst(string name, string value) {
            if (!value.IsBlank() && Get(name) == null) Add(name, value);
        }
    }

    /// <summary>A record of a document.</summary>
    internal sealed class Record {
        internal readonly Fields Fields = new Fields();
        internal int FirstLine, LastLine;
        internal string Text;

        internal Record(int firstLine, int lastLine, string text) {
            FirstLine = firstLine;
            LastLine = lastLine;
            Text = text;
        }
    }

    /// <summary>A document cut into records; what is kept is bounded, and when it is full the note says so.</summary>
    internal sealed class Framed {
        /// <summary>What the records may take beside the text, in bytes, counted roughly.</summary>
        private long left = 384 << 20;

        internal readonly List<Record> Records = new List<Record>();
        /// <summary>Fields that the document leaves out: a record without one may have it in truth.</summary>
        internal List<string> Absent = new List<string>();
        /// <summary>Why the document is not whole; the first reason stays.</summary>
        internal string Note;

        /// <summary>Takes a record. False: it is full, and the rest is not worth reading.</summary>
        internal bool Push(Record record) {
            var slots = record.Fields.List.Count == 0 ? 0 : 4;
            while (slots < record.Fields.List.Count) slots *= 2;
            left -= 64 + slots * 48;
            if (left < 0) Say("only the first " + Records.Count + " records were read");
            else Records.Add(record);
            return left >= 0;
        }

        internal void Say(string note) {
            if (Note == null) Note = note;
        }
    }

    /// <summary>The formats by their names.</summary>
    internal static class Format {
        internal static Framed Frame(string format, string text) {
            switch (format) {
                case "paragraphs": return Paragraphs.Frame(text);
                case "windows-event": return WindowsEvent.Frame(text);
                case "registry": return Registry.Frame(text);
                case "xml": return Xml.Frame(text);
                default: return ServiceList.Frame(text);
            }
        }

        /// <summary>Whether the head of a document looks like the format.</summary>
        internal static bool Knows(string format, string head) {
            switch (format) {
                case "windows-event": return WindowsEvent.Knows(head);
                case "registry": return Registry.Knows(head);
                case "xml": return Xml.Knows(head) && !WindowsEvent.Knows(head);
                case "service-list": return ServiceList.Frame(head).Records.Count > 0;
                default: return false;
            }
        }
    }

    internal sealed class Line {
        internal int Number, Start, End;
        internal string Text;

        internal bool IsBlank {
            get { return Text.IsBlank(); }
        }
    }

    /// <summary>Walks the lines of a text; what follows the last LF is one only when it is not empty.</summary>
    internal sealed class Lines {
        private readonly string text;
        private int at;
        private int number;

        internal Lines(string text) {
            this.text = text;
        }

        /// <summary>The next line, null at the end.</summary>
        internal Line Next() {
            if (at >= text.Length) return null;
            var newline = text.Find('\n', at);
            var line = new Line { Number = ++number, Start = at, End = newline < 0 ? text.Length : newline };
            line.Text = text.Slice(at, line.End);
            at = line.End + 1;
            return line;
        }

        /// <summary>The next line, without moving.</summary>
        internal Lines Ahead() {
            return (Lines)MemberwiseClone();
        }

        internal static IEnumerable<Line> Of(string text) {
            var lines = new Lines(text);
            for (var line = lines.Next(); line != null; line = lines.Next()) yield return line;
        }
    }

    /// <summary>Line numbers of growing places; one before the last asked gives the line of that.</summary>
    internal sealed class LineAt {
        private readonly string text;
        private int at;
        private int number = 1;

        internal LineAt(string text) {
            this.text = text;
        }

        internal int Of(int place) {
            place = Math.Min(place, text.Length);
            if (place > at) {
                number += text.Newlines(at, place);
                at = place;
            }
            return number;
        }
    }

    /// <summary>Text parted by blank lines.</summary>
    internal static class Paragraphs {
        /// <summary>The narrowest console that broke lines are looked for in, in characters.</summary>
        private const int Narrowest = 79;

        internal static Framed Frame(string text) {
            var framed = new Framed();
            var lines = new Lines(text);
            Line first = null, last = null;
            for (;;) {
                var line = lines.Next();
                if (line != null && !line.IsBlank) {
                    first = first ?? line;
                    last = line;
                    continue;
                }
                if (first != null) {
                    var record = new Record(first.Number, last.Number, text.Slice(first.Start, last.End));
                    record.Fields.Add("message", Mend(record.Text));
                    first = null;
                    if (!framed.Push(record)) return framed;
                }
                if (line == null) return framed;
            }
        }

        /// <summary>
        /// The lines of a text as one line; those that a console broke within a word are joined without a blank.
        /// </summary>
        internal static string Mend(string text) {
            text = text.Bare();
            if (text.IndexOf('\n') < 0) return text;
            var lines = text.Split('\n');
            var width = HardWidth(lines);
            var message = new StringBuilder();
            var before = "";
            foreach (var line in lines.Where(line => !line.IsBlank())) {
                if (message.Length > 0 && !IsOneWord(before, line, width)) message.Append(' ');
                message.Append(line.Bare());
                before = line;
            }
            return message.ToString();
        }

        /// <summary>The width at which lines are broken within words; -1 when they are not.</summary>
        private static int HardWidth(string[] lines) {
            var lengths = lines.Select(Length).ToList();
            var longest = lengths.Max();
            if (longest < Narrowest) return -1;
            for (var at = 0; at + 1 < lines.Length; at++) {
                var own = lengths[at];
                if (own * 2 <= longest || own + 1 >= longest || IsDecoration(lines[at]) ||
                    IsDecoration(lines[at + 1])) {
                    continue;
                }
                var word = lines[at + 1].Words().FirstOrDefault();
                if (own + 1 + (word == null ? 0 : word.Characters()) > longest) return -1;
            }
            return lengths.Count(length => length == longest) > 1 || longest == 80 || longest == 120 ? longest : -1;
        }

        private static bool IsOneWord(string line, string next, int width) {
            if (IsDecoration(next)) return false;
            var indent = next.Substring(0, next.Length - next.BareStart().Length).Utf8Length();
            if (line.BareStart().Begins("+ ") && indent == 3) return Length(line) >= Narrowest;
            return width == Length(line) && (indent == 0 || indent >= 3);
        }

        /// <summary>A line by which PowerShell says where an error arose.</summary>
        private static bool IsDecoration(string line) {
            line = line.BareStart();
            return line.Begins("+ ") || line.Begins("At line:") || line.Has(" char:");
        }

        private static int Length(string line) {
            return line.BareEnd().Characters();
        }
    }

    /// <summary>Rows of quoted, separated text.</summary>
    internal sealed class Row {
        internal int FirstLine, LastLine;
        internal string Text;
        internal List<string> Cells = new List<string>();

        /// <summary>
        /// What parts the cells of a line of titles, NUL when nothing does: a tab, else the more frequent of comma and
        /// semicolon.
        /// </summary>
        internal static char Separator(string titles) {
            if (titles.IndexOf('\t') >= 0) return '\t';
            var commas = titles.Count(c => c == ',');
            return titles.Count(c => c == ';') > commas ? ';' : commas > 0 ? ',' : '\0';
        }

        /// <summary>The rows of a text, blank lines and PowerShell's <c>#TYPE</c> line left out.</summary>
        internal static IEnumerable<Row> Of(string text, char separator) {
            var lines = new LineAt(text);
            for (var at = 0; ;) {
                while (text.Char(at) == '\n') at++;
                if (at >= text.Length) yield break;
                var from = at;
                var row = new Row();
                for (; ; at++) {
                    row.Cells.Add(Cell(text, ref at, separator).Bare());
                    if (at >= text.Length || text[at] == '\n') break;
                }
                row.Text = text.Slice(from, at).TrimEnd('\n');
                if (row.Text.Begins("#TYPE ")) continue;
                row.FirstLine = lines.Of(from);
                row.LastLine = lines.Of(from + row.Text.Length);
                yield return row;
            }
        }

        /// <summary>One cell; <paramref name="at"/> is moved to what ends it.</summary>
        private static string Cell(string text, ref int at, char separator) {
            var value = new StringBuilder();
            if (text.Char(at) == '"') {
                for (at++; ; at++) {
                    var quote = text.Find('"', at);
                    if (quote < 0) {
                        value.Append(text.From(at));
                        at = text.Length;
                        return value.ToString();
                    }
                    value.Append(text, at, quote - at);
                    at = quote + 1;
                    if (text.Char(at) != '"') break;
                    value.Append('"');
                }
            }
            // What follows a closing quote belongs to the cell, quotes and all.
            var from = at;
            while (at < text.Length && text[at] != separator && text[at] != '\n') at++;
            return value.Append(text, from, at - from).ToString();
        }

        internal static List<string> First(string text, char separator) {
            return Of(text, separator).Select(row => row.Cells).FirstOrDefault();
        }
    }

    /// <summary><c>Format-List</c> output: blocks of <c>Name : value</c> lines.</summary>
    internal sealed class ListBlock {
        /// <summary>The most entries of one block.</summary>
        private const int Most = 64;

        internal int FirstLine, LastLine;
        internal string Text;
        internal readonly List<KeyValuePair<string, string>> Entries = new List<KeyValuePair<string, string>>();

        internal Record Record() {
            return new Record(FirstLine, LastLine, Text);
        }

        /// <summary>The name before <c> :</c>, null when the line has none.</summary>
        private static string Name(string line) {
            var at = line.Find(" :", 0);
            if (at < 0 || (at + 2 < line.Length && line[at + 2] != ' ')) return null;
            var name = line.Substring(0, at).BareEnd();
            if (name == "" || name.Utf8Length() > 64) return null;
            var places = Enumerable.Range(0, name.Length);
            return places.All(place => name[place] == '_' || CodePoints.IsWord(name, place)) ? name : null;
        }

        /// <summary>
        /// The blocks. One ends before a blank line that a name follows, and where a name would come again.
        /// </summary>
        internal static IEnumerable<ListBlock> Of(string text) {
            var lines = new Lines(text);
            for (var line = lines.Next(); ;) {
                while (line != null && Name(line.Text) == null) line = lines.Next();
                if (line == null) yield break;
                Line first = line, from = line, last = line;
                var open = Name(line.Text);
                var isBlank = false;
                var block = new ListBlock();
                for (line = lines.Next(); line != null; line = lines.Next()) {
                    if (!line.IsBlank) {
                        var isIndented = line.Text[0] == ' ' || line.Text[0] == '\t';
                        var next = isIndented ? null : Name(line.Text);
                        if (next != null) {
                            var isAgain = next == open || block.Entries.Any(entry => entry.Key == next);
                            if (isBlank || isAgain || block.Entries.Count >= Most) break;
                            block.Add(open, text, from, last);
                            open = next;
                            from = line;
                        }
                        else if (isBlank && !isIndented) break;
                        last = line;
                    }
                    isBlank = line.IsBlank;
                }
                block.Add(open, text, from, last);
                block.FirstLine = first.Number;
                block.LastLine = last.Number;
                block.Text = text.Slice(first.Start, last.End);
                yield return block;
            }
        }

        private void Add(string name, string text, Line first, Line last) {
            var value = Paragraphs.Mend(text.Slice(first.Start, last.End)).From(first.Text.Find(" :", 0) + 2);
            Entries.Add(new KeyValuePair<string, string>(name, value.Bare()));
        }
    }

    /// <summary>Registry values: <c>.reg</c> exports of both versions, and what <c>reg query</c> prints.</summary>
    internal sealed class Registry {
        /// <summary>The most lines of one value.</summary>
        private const int MaxLines = 100000;

        private static readonly string[][] Roots = {
            new[] { "hklm", "HKEY_LOCAL_MACHINE" }, new[] { "hkcu", "HKEY_CURRENT_USER" },
            new[] { "hkcr", "HKEY_CLASSES_ROOT" }, new[] { "hku", "HKEY_USERS" },
            new[] { "hkcc", "HKEY_CURRENT_CONFIG" }
        };

        private readonly string text;
        private Lines lines;
        private string key;
        /// <summary>The strings in <c>hex(...)</c> are of the ANSI code page, as in REGEDIT4, and not UTF-16.</summary>
        private bool isAnsi;

        private Registry(string text) {
            this.text = text;
            lines = new Lines(text);
        }

        internal static bool Knows(string head) {
            var isKey = false;
            foreach (var line in Lines.Of(head).Select(line => line.Text.BareEnd())) {
                bool deleted;
                if (IsHeader(line) || Bracketed(line, out deleted) != null || (isKey && Queried(line) != null)) {
                    return true;
                }
                if (line != "") isKey = Root(line) != null;
            }
            return false;
        }

        internal static Framed Frame(string text) {
            var framed = new Framed();
            var reader = new Registry(text);
            for (var line = reader.lines.Next(); line != null; line = reader.lines.Next()) {
                var record = reader.Entry(line);
                if (record != null && !framed.Push(record)) break;
            }
            return framed;
        }

        private static bool IsHeader(string line) {
            line = line.Bare();
            return line == "REGEDIT4" || line.Begins("Windows Registry Editor Version");
        }

        /// <summary>A path that starts with a root, full; null when it does not.</summary>
        private static string Root(string path) {
            foreach (var prefix in new[] { "Computer\\", "Registry::" }) {
                if (path.Begins(prefix)) path = path.From(prefix.Length);
            }
            path = path.TrimEnd('\\');
            var at = path.IndexOf('\\');
            var name = at < 0 ? path : path.Substring(0, at);
            if (name.Length > 20) return null;
            var lower = (name.Ends(":") ? name.Substring(0, name.Length - 1) : name).AsciiLower();
            var root = Roots.FirstOrDefault(pair => lower == pair[0] || lower == pair[1].AsciiLower());
            return root == null ? null : lower == root[0] ? root[1] + path.From(name.Length) : path;
        }

        /// <summary>The key of a <c>[...]</c> line, null when it is none.</summary>
        private static string Bracketed(string line, out bool isDeleted) {
            line = line.Bare();
            var end = line.LastIndexOf(']');
            isDeleted = line.Char(1) == '-' && end > 1;
            return line.Char(0) == '[' && end >= 0 ? Root(line.Slice(isDeleted ? 2 : 1, end)) : null;
        }

        /// <summary>
        /// Name, type and data of a value line of <c>reg query</c>: indented, parted by two blanks or a tab.
        /// </summary>
        private static string[] Queried(string line) {
            if (line.Char(0) != ' ' && line.Char(0) != '\t') return null;
            line = line.Bare();
            for (var at = line.Find("REG_", 0); at >= 0; at = line.Find("REG_", at + 4)) {
                if (line.Char(at - 1) != '\t' && !(line.Char(at - 1) == ' ' && line.Char(at - 2) == ' ')) continue;
                var end = at;
                while (end < line.Length && line[end] != '\t' && line[end] != ' ') end++;
                return new[] { line.Substring(0, at).BareEnd(), line.Slice(at, end), line.From(end).BareStart() };
            }
            return null;
        }

        /// <summary>Name and data of a value line of an export.</summary>
        private static string[] Exported(string line) {
            line = line.BareStart();
            var end = 0;
            if (line.Char(0) == '"') {
                end = 1;
                while (end < line.Length && line[end] != '"') end += line[end] == '\\' ? 2 : 1;
                if (end >= line.Length) return null;
            }
            else if (line.Char(0) != '@') return null;
            var rest = line.From(end + 1).BareStart();
            if (rest.Char(0) != '=') return null;
            return new[] { end == 0 ? "@" : RegistryData.Unescape(line.Slice(1, end)), rest.From(1).BareStart() };
        }

        private Record Entry(Line line) {
            bool isDeleted;
            if (IsHeader(line.Text)) {
                isAnsi = line.Text.Bare() == "REGEDIT4";
                return null;
            }
            var opened = Bracketed(line.Text, out isDeleted);
            if (opened != null) return Open(opened, line, isDeleted);
            var entry = Exported(line.Text);
            if (entry != null) return Value(line, entry);
            var value = Queried(line.Text);
            if (value != null) {
                var record = Record(line, line);
                record.Fields.Add("name", value[0].Begins("(") && value[0].Ends(")") ? "@" : value[0]);
                record.Fields.Add("type", value[1]);
                record.Fields.Add("value", RegistryData.Queried(value[1], value[2]));
                return record;
            }
            var path = Root(line.Text.BareEnd());
            return path == null ? null : Open(path, line, false);
        }

        /// <summary>Turns to a key; gives a record of its own when it has no values.</summary>
        private Record Open(string path, Line line, bool isDeleted) {
            key = path;
            var ahead = lines.Ahead();
            var next = ahead.Next();
            while (next != null && (next.IsBlank || next.Text[0] == ';')) next = ahead.Next();
            if (!isDeleted && next != null && (Exported(next.Text) != null || Queried(next.Text) != null)) return null;
            var record = Record(line, line);
            if (isDeleted) record.Fields.Add("deleted", "true");
            return record;
        }

        /// <summary>A record of the current key.</summary>
        private Record Record(Line first, Line last) {
            var record = new Record(first.Number, last.Number, text.Slice(first.Start, last.End));
            if (key != null) record.Fields.Add("key", key);
            return record;
        }

        private Record Value(Line line, string[] entry) {
            var data = entry[1];
            var last = line;
            if (data.Char(0) != '"') last = Continued(line);
            else if (!RegistryData.IsClosed(data.From(1))) last = StringEnd(line);
            var record = Record(line, last);
            record.Fields.Add("name", entry[0]);
            if (data.BareEnd() == "-") {
                record.Fields.Add("deleted", "true");
                return record;
            }
            var found = RegistryData.Exported(text.Slice(line.End - data.Length, last.End), isAnsi);
            record.Fields.Add("type", found[0]);
            record.Fields.Add("value", found[1]);
            return record;
        }

        /// <summary>The last line of data whose lines end in a backslash.</summary>
        private Line Continued(Line first) {
            var last = first;
            for (var count = 0; count < MaxLines && last.Text.BareEnd().Ends("\\"); count++) {
                var ahead = lines.Ahead();
                var next = ahead.Next();
                if (next == null || (next.Text.Char(0) != ' ' && next.Text.Char(0) != '\t')) break;
                last = next;
                lines = ahead;
            }
            return last;
        }

        /// <summary>The last line of a string with line ends in it; the first when it is never closed.</summary>
        private Line StringEnd(Line first) {
            var ahead = lines.Ahead();
            for (var count = 0; count < MaxLines; count++) {
                bool deleted;
                var next = ahead.Next();
                if (next == null || Bracketed(next.Text, out deleted) != null || Exported(next.Text) != null) break;
                if (!RegistryData.IsClosed(next.Text)) continue;
                lines = ahead;
                return next;
            }
            return first;
        }
    }

    /// <summary>
    /// The data of registry values as text. Invariant: what is not as its type wants stays as it is written.
    /// </summary>
    internal static class RegistryData {
        private static readonly string[] Types = {
            "REG_NONE", "REG_SZ", "REG_EXPAND_SZ", "REG_BINARY", "REG_DWORD", "REG_DWORD_BIG_ENDIAN", "REG_LINK",
            "REG_MULTI_SZ", "REG_RESOURCE_LIST", "REG_FULL_RESOURCE_DESCRIPTOR", "REG_RESOURCE_REQUIREMENTS_LIST",
            "REG_QWORD"
        };

        /// <summary>A string of an export without its backslash escapes.</summary>
        internal static string Unescape(string text) {
            var plain = new StringBuilder();
            for (var at = 0; at < text.Length; at++) {
                if (text[at] == '\\' && at + 1 < text.Length) at++;
                plain.Append(text[at]);
            }
            return plain.ToString();
        }

        /// <summary>Whether the rest of a string ends with its closing quote.</summary>
        internal static bool IsClosed(string rest) {
            rest = rest.BareEnd();
            if (!rest.Ends("\"")) return false;
            var backslashes = 0;
            while (rest.Char(rest.Length - 2 - backslashes) == '\\') backslashes++;
            return backslashes % 2 == 0;
        }

        /// <summary>A number of at most so many bits; null when it is none.</summary>
        private static ulong? Hexadecimal(string text, int bits) {
            if (text.Begins("+")) text = text.From(1);
            if (text == "" || !text.All(Uri.IsHexDigit)) return null;
            text = text.TrimStart('0');
            if (text.Length * 4 > bits) return null;
            return text == "" ? 0 : ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        }

        private static string Decimal(ulong? number, string otherwise) {
            return number == null ? otherwise : number.Value.ToString(CultureInfo.InvariantCulture);
        }

        /// <summary>Type and value of what stands behind <c>=</c> in an export.</summary>
        internal static string[] Exported(string data, bool isAnsi) {
            data = data.BareEnd();
            if (data.Char(0) == '"') {
                var text = data.From(1);
                return new[] { "REG_SZ", Unescape(IsClosed(text) ? text.Substring(0, text.Length - 1) : text) };
            }
            var colon = data.IndexOf(':');
            if (colon < 0) return new[] { "REG_SZ", data };
            var tag = data.Substring(0, colon).Bare().AsciiLower();
            var rest = data.From(colon + 1);
            if (tag == "dword") return new[] { "REG_DWORD", Decimal(Hexadecimal(rest.Bare(), 32), rest.Bare()) };
            var kind = tag == "hex" ? 3 : (ulong?)null;
            if (tag.Begins("hex(") && tag.Ends(")")) kind = Hexadecimal(tag.Slice(4, tag.Length - 1), 32);
            if (kind == null) return new[] { "REG_SZ", data };
            var list = Bytes(rest);
            var found = list == null ? null : Value(kind.Value, list, isAnsi);
            var type = kind < (ulong)Types.Length ? Types[(int)kind.Value] : "REG_" + Decimal(kind, "");
            return new[] { type, found ?? rest.Bare() };
        }

        /// <summary>The value in what <c>reg query</c> prints for a type.</summary>
        internal static string Queried(string kind, string data) {
            switch (kind) {
                case "REG_DWORD": case "REG_QWORD": case "REG_DWORD_BIG_ENDIAN":
                    return data.AsciiLower().Begins("0x") ? Decimal(Hexadecimal(data.From(2), 64), data) : data;
                case "REG_MULTI_SZ":
                    while (data.Ends("\\0")) data = data.Substring(0, data.Length - 2);
                    return data.Replace("\\0", "\n");
                case "REG_BINARY": case "REG_NONE":
                    return data.AsciiLower();
                default:
                    return data;
            }
        }

        /// <summary><c>01,02,\</c> and further lines; null when they are not bytes.</summary>
        private static byte[] Bytes(string text) {
            var bytes = new List<byte>();
            foreach (var part in text.Split(',', '\\', '\n').Select(part => part.Bare()).Where(part => part != "")) {
                var number = part.Length <= 2 ? Hexadecimal(part, 8) : null;
                if (number == null) return null;
                bytes.Add((byte)number.Value);
            }
            return bytes.ToArray();
        }

        private static string Value(ulong kind, byte[] bytes, bool isAnsi) {
            switch (kind) {
                case 1: case 2: case 6: return String(bytes, isAnsi);
                case 7: return String(bytes, isAnsi).Replace('\0', '\n');
                case 4: return bytes.Length == 4 ? LittleEndian(bytes) : null;
                case 5: return bytes.Length == 4 ? LittleEndian(Enumerable.Reverse(bytes)) : null;
                case 11: return bytes.Length == 8 ? LittleEndian(bytes) : null;
                default: return string.Concat(bytes.Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));
            }
        }

        private static string LittleEndian(IEnumerable<byte> bytes) {
            return Decimal(bytes.Reverse().Aggregate(0UL, (sum, b) => sum << 8 | b), "");
        }

        private static string String(byte[] bytes, bool isAnsi) {
            long replaced;
            var text = new StringBuilder();
            if (isAnsi) text.Append(TextDecoder.FromWindows1252(bytes, 0));
            else TextDecoder.Utf16(bytes, 0, false, true, text, out replaced);
            return text.ToString().TrimEnd('\0');
        }
    }

    /// <summary>Windows services: <c>Get-Service</c> as table, list or CSV, <c>sc query</c> and <c>sc qc</c>.</summary>
    internal sealed class ServiceList {
        /// <summary>Columns of a table that are looked at, and characters of its line of dashes.</summary>
        private const int Columns = 64, Widest = 4096;
        /// <summary>Rows before the titles of a CSV, such as the command that made it.</summary>
        private const int Preamble = 20;

        private static readonly string[] Names = { "name", "display_name", "status", "start_type" };
        private static readonly string[] States =
            { "Stopped", "StartPending", "StopPending", "Running", "ContinuePending", "PausePending", "Paused" };
        private static readonly Dictionary<string, string> Titles = Table.Of(
            "name name", "servicename name", "displayname display_name", "status status", "state status",
            "starttype start_type", "startmode start_type", "startuptype start_type");
        private static readonly Dictionary<string, string> StartTypes = Table.Of(
            "auto Automatic", "autostart Automatic", "automatic Automatic",
            "autostart(delayed) Automatic (Delayed Start)",
            "automatic(delayedstart) Automatic (Delayed Start)", "automaticdelayedstart Automatic (Delayed Start)",
            "delayedautostart Automatic (Delayed Start)", "demandstart Manual", "manual Manual", "disabled Disabled",
            "bootstart Boot", "boot Boot", "systemstart System", "system System");

        private readonly HashSet<string> said = new HashSet<string>(StringComparer.Ordinal);
        private readonly HashSet<string> cut = new HashSet<string>(StringComparer.Ordinal);
        private readonly Framed framed = new Framed();

        internal static Framed Frame(string text) {
            var forms = new Action<ServiceList>[] {
                list => list.Console(text), list => list.List(text), list => list.Csv(text)
            };
            foreach (var form in forms) {
                var services = new ServiceList();
                form(services);
                if (services.framed.Records.Count > 0) return services.Finish();
            }
            return new Framed();
        }

        private Framed Finish() {
            if (cut.Count > 0) framed.Say("long names are cut off");
            framed.Absent = Names.Where(name => !said.Contains(name) || cut.Contains(name)).ToList();
            return framed;
        }

        /// <summary>Without blanks and underscores, at most so many characters, in lower case.</summary>
        private static string Bare(string text, int most) {
            return text.Replace(" ", "").Replace("_", "").Take(most).AsciiLower();
        }

        private static string Field(string title) {
            return Titles.Get(Bare(title, 20));
        }

        private static bool Has(List<string> titles, string wanted) {
            return titles.Any(title => title.AsciiEquals(wanted));
        }

        /// <summary>The fields of a row of titles; null when they are not those of services.</summary>
        private static List<string> Titled(List<string> titles) {
            var hasState = Has(titles, "State");
            var isConsole = Has(titles, "Startup Type");
            var fields = titles.Select(title => {
                var found = Field(title);
                // `Win32_Service` has both `State`, which counts, and `Status`.
                if (found == "status" && hasState && !title.AsciiEquals("State")) return null;
                // The export of services.msc calls the display name `Name`.
                return found == "name" && isConsole ? "display_name" : found;
            }).ToList();
            var isServices = (fields.Contains("name") || fields.Contains("display_name")) &&
                (fields.Contains("status") || fields.Contains("start_type"));
            return isServices ? fields : null;
        }

        /// <summary>A value as it is spelled in a field.</summary>
        private static string Spelled(string field, string value) {
            var plain = value.TrimStart('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
            if (field == "status") {
                plain = Bare(plain.BareStart(), 20);
                return States.FirstOrDefault(state => state.AsciiLower() == plain) ?? value;
            }
            return field == "start_type" ? StartTypes.Get(Bare(plain.Bare(), 40)) ?? value : value;
        }

        private void Set(Record record, string field, string value) {
            value = value.Bare();
            if (value.Ends("...") || value.Ends("\u2026")) cut.Add(field);
            else record.Fields.AddFirst(field, Spelled(field, value));
        }

        /// <summary>Tables and the output of <c>sc</c>, in any order in one text.</summary>
        private void Console(string text) {
            var lines = new Lines(text);
            Line before = null;
            for (var line = lines.Next(); line != null; line = lines.Next()) {
                int[][] columns;
                List<string> fields;
                if (line.Text.BareStart().Begins("SERVICE_NAME:")) {
                    if (!framed.Push(Sc(text, line, ref lines))) return;
                }
                else if (before != null && IsTable(before.Text, line.Text, out columns, out fields)) {
                    said.UnionWith(fields.Where(field => field != null));
                    for (var row = lines.Next(); row != null && !row.IsBlank; row = lines.Next()) {
                        var record = new Record(row.Number, row.Number, row.Text);
                        var cells = Cells(columns, row.Text);
                        for (var at = 0; at < cells.Count; at++) {
                            if (fields[at] != null) Set(record, fields[at], cells[at]);
                        }
                        if (!framed.Push(record)) return;
                    }
                }
                before = line;
            }
        }

        /// <summary>One service of <c>sc query</c> or <c>sc qc</c>, up to a blank line.</summary>
        private Record Sc(string text, Line first, ref Lines lines) {
            var record = new Record(first.Number, first.Number, "");
            var end = first.End;
            said.Add("name");
            record.Fields.AddFirst("name", first.Text.BareStart().From("SERVICE_NAME:".Length).Bare());
            for (;;) {
                var ahead = lines.Ahead();
                var line = ahead.Next();
                if (line == null || line.IsBlank || line.Text.Begins("SERVICE_NAME:")) break;
                lines = ahead;
                record.LastLine = line.Number;
                end = line.End;
                var colon = line.Text.IndexOf(':');
                var found = colon < 0 ? null : Field(line.Text.Substring(0, colon).Bare());
                if (found == null || found == "name") continue;
                said.Add(found);
                Set(record, found, line.Text.From(colon + 1));
            }
            record.Text = text.Slice(first.Start, end);
            return record;
        }

        /// <summary>The columns under these titles and dashes, from and to, if they are those of services.</summary>
        private static bool IsTable(string titles, string dashes, out int[][] columns, out List<string> fields) {
            columns = null;
            fields = null;
            dashes = dashes.BareEnd();
            if (dashes.Length > Widest || dashes.IndexOf('-') < 0 || !dashes.All(c => c == '-' || c == ' ')) {
                return false;
            }
            columns = Regex.Matches(dashes, "-+").Cast<Match>().Take(Columns)
                .Select(match => new[] { match.Index, match.Index + match.Length }).ToArray();
            fields = Titled(Cells(columns, titles));
            return fields != null;
        }

        private static List<string> Cells(int[][] columns, string line) {
            // Places are counted in characters.
            var offsets = new List<int>();
            for (var unit = 0; unit < line.Length && offsets.Count <= Widest; unit++) {
                offsets.Add(unit);
                if (char.IsHighSurrogate(line[unit])) unit++;
            }
            Func<int, int> offset = at => at < offsets.Count ? offsets[at] : line.Length;
            var from = 0;
            var cells = new List<string>();
            for (var index = 0; index + 1 < columns.Length; index++) {
                // Where the next cell starts: at its dashes, or earlier when it is aligned right and longer than they.
                var cut = columns[index + 1][0];
                for (var at = cut - 1; at >= columns[index][1]; at--) {
                    if (offset(at) < line.Length && !CodePoints.IsBlank(line[offset(at)])) continue;
                    cut = at + 1;
                    break;
                }
                cells.Add(line.Slice(offset(from), offset(Math.Max(cut, from))).Bare());
                from = cut;
            }
            cells.Add(line.From(offset(from)).Bare());
            return cells;
        }

        private void List(string text) {
            foreach (var block in ListBlock.Of(text)) {
                var fields = Titled(block.Entries.Select(entry => entry.Key).ToList());
                if (fields == null) continue;
                var record = block.Record();
                for (var at = 0; at < fields.Count; at++) {
                    if (fields[at] == null) continue;
                    said.Add(fields[at]);
                    record.Fields.AddFirst(fields[at], Spelled(fields[at], block.Entries[at].Value));
                }
                if (!framed.Push(record)) return;
            }
        }

        private void Csv(string text) {
            foreach (var line in Lines.Of(text).TakeWhile(line => line.Number <= Preamble)) {
                var separator = Row.Separator(line.Text);
                var titles = separator == '\0' ? null : Row.First(line.Text, separator);
                var fields = titles == null ? null : Titled(titles);
                if (fields == null) continue;
                // services.msc leaves the status of a stopped service blank.
                Rows(text.From(line.End), line.Number - 1, separator, fields, Has(titles, "Startup Type"));
                return;
            }
        }

        /// <summary>The first line of what follows the titles is the rest of the line of titles.</summary>
        private void Rows(string text, int above, char separator, List<string> fields, bool isBlankStopped) {
            said.UnionWith(fields.Where(field => field != null));
            foreach (var row in Row.Of(text, separator)) {
                var record = new Record(above + row.FirstLine, above + row.LastLine, row.Text);
                for (var at = 0; at < Math.Min(fields.Count, row.Cells.Count); at++) {
                    if (fields[at] == "status" && isBlankStopped && row.Cells[at] == "") {
                        record.Fields.Add("status", "Stopped");
                    }
                    else if (fields[at] != null) record.Fields.AddFirst(fields[at], Spelled(fields[at], row.Cells[at]));
                }
                if (!framed.Push(record)) return;
            }
        }
    }

    /// <summary>Words and what they stand for.</summary>
    internal static class Table {
        /// <summary>Of lines with a word, a blank and the rest.</summary>
        internal static Dictionary<string, string> Of(params string[] lines) {
            return lines.ToDictionary(line => line.Substring(0, line.IndexOf(' ')),
                line => line.From(line.IndexOf(' ') + 1), StringComparer.Ordinal);
        }

        internal static string Get(this Dictionary<string, string> table, string key) {
            string value;
            return table.TryGetValue(key, out value) ? value : null;
        }
    }

    /// <summary>
    /// Windows events in any of their forms. Invariant: one record an event, the same fields whichever form.
    /// </summary>
    internal sealed class WindowsEvent {
        /// <summary>The head of a document that tells the forms apart, in bytes.</summary>
        private const int HeadBytes = 64 << 10;
        /// <summary>Lines within which the labels of an event stand together.</summary>
        private const int Near = 16;
        /// <summary>Open elements of an event at most.</summary>
        private const int Depth = 32;
        /// <summary>Lines before the titles of rows, such as the command that made the file.</summary>
        private const int Preamble = 20;

        private static readonly string[] Names = {
            "provider", "event_id", "level", "channel", "time", "computer", "user", "task", "keywords",
            "message", "data"
        };

        /// <summary>
        /// Field and rank of a property; of several for one field the lowest rank that is not blank counts.
        /// </summary>
        private static readonly Dictionary<string, string> Properties = Table.Of(
            "providername 0provider", "source 1provider", "id 0event_id", "eventid 0event_id",
            "leveldisplayname 0level",
            "entrytype 0level", "level 1level", "logname 0channel", "log 1channel", "timecreated 0time",
            "timegenerated 0time", "dateandtime 0time", "date 1time", "machinename 0computer", "computer 1computer",
            "userid 0user", "username 0user", "user 1user", "taskdisplayname 0task", "taskcategory 1task",
            "category 1task", "task 2task", "keywordsdisplaynames 0keywords", "keywords 1keywords", "message 0message",
            "description 1message", "replacementstrings 0data");

        /// <summary>Columns of Event Viewer's rows by place; its titles are localised.</summary>
        private static readonly string[] Places = { "0level", "0time", "0provider", "0event_id", "0task", "0message" };

        private static readonly Dictionary<string, string> Levels = Table.Of(
            "0 Information", "1 Critical", "2 Error", "3 Warning", "4 Information", "5 Verbose");

        /// <summary>Labels as they start a line, in English and German, with <c>_</c> for a blank.</summary>
        private static readonly Dictionary<string, string> Labels = Table.Of(
            "log_name channel", "source provider", "date time", "event_id event_id", "id event_id",
            "task_category task",
            "level level", "keywords keywords", "user user", "computer computer", "description message",
            "message message",
            "event_xml xml", "protokollname channel", "quelle provider", "datum time", "ereignis-id event_id",
            "aufgabenkategorie task", "ebene level", "schl\u00fcsselw\u00f6rter keywords", "benutzer user",
            "beschreibung message", "ereignis-xml xml");

        /// <summary>The elements of an event that are looked at.</summary>
        private static readonly HashSet<string> Elements = new HashSet<string>(StringComparer.Ordinal) {
            "System", "Provider", "EventID", "Level", "Task", "Keywords", "TimeCreated", "Channel", "Computer",
            "Security",
            "EventData", "Data", "UserData", "Binary", "RenderingInfo", "Message", "Keyword"
        };

        /// <summary>Rank and field of an attribute or of the text of an element, by path.</summary>
        private static readonly Dictionary<string, string> Markup = Table.Of(
            "System/Provider@Name 0provider", "System/Provider@EventSourceName 1provider",
            "System/TimeCreated@SystemTime 0time", "System/Security@UserID 0user", "System/EventID 0event_id",
            "System/Level 0level", "RenderingInfo/Level 1level", "RenderingInfo/Task 0task", "System/Task 1task",
            "System/Keywords 1keywords", "System/Channel 0channel", "System/Computer 0computer",
            "RenderingInfo/Message 0message");

        private readonly string text;
        private readonly Framed framed = new Framed();
        /// <summary>The fields about which the document says something.</summary>
        private readonly HashSet<string> said = new HashSet<string>(StringComparer.Ordinal);

        private WindowsEvent(string text) {
            this.text = text;
        }

        internal static bool Knows(string head) {
            return Form(head) != null;
        }

        internal static Framed Frame(string text) {
            var events = new WindowsEvent(text);
            var form = Form(text.Head(HeadBytes));
            if (form != null) form(events);
            var framed = events.framed;
            if (events.said.Count == 0) return framed;
            framed.Absent = Names.Where(name => !events.said.Contains(name)).ToList();
            if (framed.Absent.Contains("message")) framed.Say("events without their message");
            return framed;
        }

        /// <summary>The reader of the form that a document has; null when it has none.</summary>
        private static Action<WindowsEvent> Form(string head) {
            // Event Viewer adds the XML of the event to its text, and a message in XML may hold what looks like labels.
            var start = head.BareStart();
            while (start.Begins("- ")) start = start.From(2);
            var isMarkup = KnowsMarkup(head);
            if (isMarkup && start.Char(0) == '<') return events => events.FromMarkup();
            if (KnowsCopied(head)) return events => events.FromCopied();
            if (isMarkup) return events => events.FromMarkup();
            if (ListBlock.Of(head).Any(block => IsEvent(block.Entries.Select(entry => entry.Key)))) {
                return events => events.FromList();
            }
            return Columns(head) != null ? (Action<WindowsEvent>)(events => events.FromRows()) : null;
        }

        /// <summary>Rank and field of a title, null when it is none.</summary>
        private static string Property(string title) {
            return Properties.Get(title.Replace(" ", "").Replace("_", "").Take(24).AsciiLower());
        }

        /// <summary>
        /// Whether these properties are those of an event: an id, and two that say which event has it.
        /// </summary>
        private static bool IsEvent(IEnumerable<string> titles) {
            var fields = new HashSet<string>(titles.Select(Property).Where(found => found != null)
                .Select(found => found.From(1)));
            return fields.Contains("event_id") &&
                new[] { "provider", "time", "message", "level", "channel" }.Count(fields.Contains) >= 2;
        }

        /// <summary>
        /// Sets the fields that pairs of rank and field with a value give, the best of several for each.
        /// </summary>
        private static void SetAll(Record record, Fields ranked) {
            foreach (var pair in ranked.List.Where(pair => !pair.Value.IsBlank()).OrderBy(pair => pair.Key[0])) {
                var field = pair.Key.From(1);
                var named = field == "level" ? Levels.Get(pair.Value.Bare()) : null;
                record.Fields.AddFirst(field, named ?? pair.Value);
            }
        }

        // -- Text as Event Viewer copies it: labels up to `Description:`, then the message until the next event.

        /// <summary>Field and value of a line with a label.</summary>
        private static bool IsLabel(string line, out string field, out string value) {
            field = value = null;
            var colon = line.IndexOf(':');
            // `Message :` with a blank is a list.
            if (colon < 0 || colon > 24 || line.Char(colon - 1) == ' ') return false;
            var name = line.Substring(0, colon);
            if (name.Utf8Length() > 24 || name.IndexOf('_') >= 0) return false;
            field = Labels.Get(name.BareStart().Lower().Replace(' ', '_'));
            value = line.From(colon + 1).Bare();
            return field != null;
        }

        /// <summary>A source and a numeric id stand in neighbouring lines.</summary>
        private static bool KnowsCopied(string head) {
            int? provider = null, id = null;
            foreach (var line in Lines.Of(head)) {
                string field, value;
                if (!IsLabel(line.Text, out field, out value)) continue;
                if (field == "provider" && value != "") provider = line.Number;
                else if (field == "event_id" && IsNumber(value)) id = line.Number;
                else continue;
                if (provider != null && id != null && Math.Abs(provider.Value - id.Value) < Near) return true;
            }
            return false;
        }

        /// <summary>A number of at most 32 bits, as a program reads one.</summary>
        private static bool IsNumber(string text) {
            uint number;
            return IsDigits(text.Begins("+") ? text.From(1) : text) &&
                uint.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
        }

        private static bool IsDigits(string text) {
            return text != "" && text.All(c => c >= '0' && c <= '9');
        }

        /// <summary>An event of copied text as far as it is read.</summary>
        private sealed class Copied {
            internal Record Record;
            /// <summary>The label that opens each event of this text.</summary>
            internal string Opens;
            internal int Start, End;
            /// <summary>Where the message starts and ends, once its label was read.</summary>
            internal int MessageStart = -1, MessageEnd;
            /// <summary>Where the event in XML starts that Event Viewer adds to the text.</summary>
            internal int Xml = -1;

            internal void Add(Line line, string field, string value) {
                if (line.IsBlank) return;
                End = line.End;
                Record.LastLine = line.Number;
                if (Xml >= 0) return;
                if (field == "xml") Xml = line.End;
                else if (MessageStart >= 0) MessageEnd = line.End;
                else if (field == "message") {
                    MessageStart = line.Start + line.Text.IndexOf(':') + 1;
                    MessageEnd = line.End;
                }
                else if (field != null) Record.Fields.AddFirst(field, value);
            }
        }

        private void FromCopied() {
            Copied open = null;
            var isBlank = true;
            foreach (var line in Lines.Of(text)) {
                string field, value;
                IsLabel(line.Text, out field, out value);
                // Only an event quoted without its log may begin with a label that messages have too.
                var starts = open == null
                    ? field != null && field != "message" && field != "xml"
                    : field == open.Opens && (open.Opens == "channel" || isBlank);
                if (starts) {
                    if (open != null && !Close(open)) return;
                    open = new Copied {
                        Record = new Record(line.Number, line.Number, ""),
                        Start = line.Start, End = line.Start, Opens = field
                    };
                }
                if (open != null) open.Add(line, field, value);
                isBlank = line.IsBlank;
            }
            if (open != null) Close(open);
        }

        /// <summary>Hands the event over; false when there is no room for it.</summary>
        private bool Close(Copied open) {
            var record = open.Record;
            record.Text = text.Slice(open.Start, open.End);
            if (open.MessageStart >= 0) {
                said.Add("message");
                record.Fields.AddFirst("message", text.Slice(open.MessageStart, open.MessageEnd).Bare());
            }
            if (open.Xml >= 0) {
                said.Add("data");
                Record first = null;
                string fault;
                Events(text.Slice(Math.Min(open.Xml, open.End), open.End), found => {
                    first = found;
                    return false;
                }, out fault);
                var data = first == null ? null : first.Fields.Get("data");
                if (data != null) record.Fields.AddFirst("data", data);
            }
            said.UnionWith(record.Fields.List.Select(pair => pair.Key).Where(Names.Contains));
            return record.Fields.Get("event_id") == null || framed.Push(record);
        }

        // -- `Format-List` output, and rows of CSV or TSV.

        private void FromList() {
            foreach (var block in ListBlock.Of(text)) {
                if (!IsEvent(block.Entries.Select(entry => entry.Key))) continue;
                var ranked = new Fields();
                foreach (var entry in block.Entries) {
                    var found = Property(entry.Key);
                    if (found == null) continue;
                    said.Add(found.From(1));
                    ranked.Add(found, entry.Value);
                }
                var record = block.Record();
                SetAll(record, ranked);
                if (!framed.Push(record)) return;
            }
        }

        /// <summary>The titles of rows: where they stand, what parts them, rank and field of each column.</summary>
        private sealed class TitleRow {
            internal Line Line;
            internal char Separator;
            internal List<string> Columns;
        }

        private static TitleRow Columns(string text) {
            foreach (var line in Lines.Of(text).TakeWhile(line => line.Number <= Preamble)) {
                var separator = Row.Separator(line.Text);
                var cells = separator == '\0' ? null : Row.First(line.Text, separator);
                var columns = cells == null ? null : ColumnsOf(cells, text.From(line.End), separator);
                if (columns != null) return new TitleRow { Line = line, Separator = separator, Columns = columns };
            }
            return null;
        }

        private static List<string> ColumnsOf(List<string> cells, string below, char separator) {
            if (IsEvent(cells)) {
                var columns = cells.Select(Property).ToList();
                if (!columns.Any(column => column != null && column.From(1) == "message")) columns.Add("0message");
                return columns;
            }
            if (cells.Count != 5 || cells.Any(title => title == "" || IsDigits(title))) return null;
            var first = Row.First(below, separator);
            var isViewer = first != null && first.Count == 6 && IsDigits(first[3]) &&
                first.Take(3).All(cell => cell != "");
            return isViewer ? Places.ToList() : null;
        }

        private void FromRows() {
            var titles = Columns(text);
            if (titles == null) return;
            said.UnionWith(titles.Columns.Where(column => column != null).Select(column => column.From(1)));
            // The first line of what follows the titles is the rest of the line of titles.
            var above = titles.Line.Number - 1;
            foreach (var row in Row.Of(text.From(titles.Line.End), titles.Separator)) {
                var ranked = new Fields();
                for (var at = 0; at < Math.Min(titles.Columns.Count, row.Cells.Count); at++) {
                    if (titles.Columns[at] != null) ranked.Add(titles.Columns[at], row.Cells[at]);
                }
                var record = new Record(above + row.FirstLine, above + row.LastLine, row.Text);
                SetAll(record, ranked);
                if (IsDigits(record.Fields.Get("event_id") ?? "") && !framed.Push(record)) return;
            }
        }

        // -- XML: what stands between `<Event>` and `</Event>`.

        private static bool KnowsMarkup(string head) {
            var last = head.LastIndexOf("<System", StringComparison.Ordinal);
            return last >= 0 && Regex.IsMatch(head.Substring(0, last), "<Event[> \n\t]", RegexOptions.CultureInvariant);
        }

        private void FromMarkup() {
            // A form that can say all; but the message stands there only when an event was rendered.
            said.UnionWith(Names.Where(name => name != "message"));
            var isRendered = true;
            string fault;
            Events(text, record => {
                isRendered &= record.Fields.Get("message") != null;
                return framed.Push(record);
            }, out fault);
            if (isRendered) said.Add("message");
            if (fault != null) framed.Say(fault);
        }

        /// <summary>An event of XML as far as it is read.</summary>
        private sealed class Parts {
            internal int Start, Line;
            /// <summary>
            /// Local names of the open elements within the event; empty for one that is not looked at.
            /// </summary>
            internal readonly List<string> Path = new List<string>();
            /// <summary>Text since the last start of an element.</summary>
            internal readonly StringBuilder Text = new StringBuilder();
            private readonly List<string> data = new List<string>();
            private readonly List<string> keywords = new List<string>();
            private readonly Fields ranked = new Fields();

            internal void Open(XmlEvent element) {
                Text.Length = 0;
                var name = Local(element.Name);
                Path.Add(Elements.Contains(name) ? name : "");
                var path = string.Join("/", Path);
                foreach (var wanted in new[] { "Name", "EventSourceName", "SystemTime", "UserID" }) {
                    var field = Markup.Get(path + "@" + wanted);
                    // An attribute behind a fault is not there.
                    var found = field == null ? null : XmlAttribute.Of(element.Text, element.Name.Length, false)
                        .TakeWhile(attribute => attribute.Fault == null)
                        .FirstOrDefault(attribute => attribute.Key == wanted);
                    string fault;
                    if (found != null) ranked.Add(field, XmlText.Unescape(found.Value, out fault) ?? found.Value);
                }
            }

            /// <summary>Closes the innermost element.</summary>
            internal void Close() {
                var value = Text.ToString().Bare();
                var path = string.Join("/", Path);
                Text.Length = 0;
                if (value != "") {
                    var field = Markup.Get(path);
                    if (field != null) ranked.Add(field, value);
                    else if (path == "RenderingInfo/Keywords/Keyword") keywords.Add(value);
                    else if (Path.Count > 1 && (Path[0] == "EventData" || Path[0] == "UserData") &&
                        path != "EventData/Binary") {
                        data.Add(value);
                    }
                }
                Path.RemoveAt(Path.Count - 1);
            }

            internal Record Record(string raw, int lastLine) {
                var record = new Record(Line, lastLine, raw);
                if (keywords.Count > 0) ranked.Add("0keywords", string.Join(", ", keywords));
                SetAll(record, ranked);
                record.Fields.AddFirst("data", string.Join("\n", data));
                return record;
            }
        }

        private static string Local(string name) {
            return name.From(name.IndexOf(':') + 1);
        }

        /// <summary>Gives each event to <paramref name="take"/> until that returns false; a fault ends them.</summary>
        private static void Events(string text, Func<Record, bool> take, out string fault) {
            var reader = new XmlReader(text, true);
            var lines = new LineAt(text);
            Parts open = null;
            fault = null;
            for (;;) {
                var found = reader.Next();
                switch (found.Kind) {
                    case XmlKind.Start:
                        if (open != null && open.Path.Count >= Depth) {
                            fault = "line " + lines.Of(found.From) + ": too deep";
                            return;
                        }
                        if (open != null) open.Open(found);
                        else if (Local(found.Name) == "Event") {
                            open = new Parts { Start = found.From, Line = lines.Of(found.From) };
                        }
                        break;
                    case XmlKind.Empty:
                        if (open == null) break;
                        open.Open(found);
                        open.Close();
                        break;
                    case XmlKind.End:
                        if (open == null) break;
                        if (open.Path.Count > 0) {
                            open.Close();
                            break;
                        }
                        var done = open;
                        open = null;
                        if (!take(done.Record(text.Slice(done.Start, found.To), lines.Of(found.To)))) return;
                        break;
                    case XmlKind.Text:
                        if (open != null) open.Text.Append(found.Text);
                        break;
                    case XmlKind.Reference:
                        if (open != null) open.Text.Append(XmlText.Resolve(found.Text) ?? "\ufffd");
                        break;
                    case XmlKind.Eof:
                        if (open != null) fault = "line " + open.Line + ": the event is cut off";
                        return;
                    case XmlKind.Error:
                        fault = "line " + lines.Of(found.At) + ": " + found.Text.Head(200);
                        return;
                }
            }
        }
    }

    internal enum XmlKind { Start, Empty, End, Text, Reference, Other, Eof, Error }

    /// <summary>
    /// A piece of XML. <c>Text</c>: what stands between the brackets; <c>At</c>: where a fault stands.
    /// </summary>
    internal sealed class XmlEvent {
        internal XmlKind Kind;
        internal string Text, Name;
        internal int From, To, At;
    }

    /// <summary>
    /// XML as tags, text and references up to the first fault. Invariant: faults and their words are those of the
    /// quick-xml crate, because they stand in the report; no entity of a document type is ever expanded; time is
    /// linear.
    /// </summary>
    internal sealed class XmlReader {
        private static readonly char[] TagEnds = { '>', '\'', '"' };
        private readonly string text;
        private readonly bool checksEndNames;
        private readonly Stack<string> open = new Stack<string>();
        private int at;
        /// <summary>The next tag and the next reference, as far as they were looked for.</summary>
        private int tag = -1, reference = -1;

        internal XmlReader(string text, bool checksEndNames) {
            this.text = text;
            this.checksEndNames = checksEndNames;
        }

        internal static bool IsSpace(char c) {
            return c == ' ' || c == '\r' || c == '\n' || c == '\t';
        }

        internal XmlEvent Next() {
            var from = at;
            if (from >= text.Length) return new XmlEvent { Kind = XmlKind.Eof, Text = "", From = from, To = from };
            if (text[from] == '<') return Markup(from);
            if (text[from] == '&') return Reference(from);
            // Both places are kept until they are passed, so that no text is read again and again.
            if (tag < from) tag = Place('<', from);
            if (reference < from) reference = Place('&', from);
            var to = Math.Min(tag, reference);
            return Emit(XmlKind.Text, text.Slice(from, to), from, to);
        }

        private int Place(char what, int from) {
            var place = text.Find(what, from);
            return place < 0 ? text.Length : place;
        }

        private XmlEvent Emit(XmlKind kind, string inner, int from, int to) {
            at = to;
            return new XmlEvent { Kind = kind, Text = inner, From = from, To = to };
        }

        private XmlEvent Error(string message, int from, int place) {
            var error = Emit(XmlKind.Error, message, from, text.Length);
            error.At = place;
            return error;
        }

        private XmlEvent Unclosed(string what, int from) {
            return Error("syntax error: " + what + " not found before end of input", from, from);
        }

        private XmlEvent Reference(int from) {
            var end = from + 1;
            while (end < text.Length && ";&<".IndexOf(text[end]) < 0) end++;
            if (text.Char(end) == ';') return Emit(XmlKind.Reference, text.Slice(from + 1, end), from, end + 1);
            return Error("ill-formed document: entity or character reference not closed: "
                + "`;` not found before end of input", from, from);
        }

        private XmlEvent Markup(int from) {
            if (from + 1 >= text.Length) return Unclosed("tag not closed: `>`", from);
            if (text[from + 1] == '!') return Bang(from);
            if (text[from + 1] == '?') return Question(from);
            // The `>` that stands outside of quotes, or the quote that is never closed.
            var close = text.IndexOfAny(TagEnds, from);
            while (close >= 0 && text[close] != '>') {
                var quote = text.Find(text[close], close + 1);
                if (quote < 0) return Unclosed("attribute value not closed: `" + text[close] + "`", from);
                close = quote + 1 < text.Length ? text.IndexOfAny(TagEnds, quote + 1) : -1;
            }
            if (close < 0) return Unclosed("tag not closed: `>`", from);
            return text[from + 1] == '/' ? End(from, close) : Start(from, close);
        }

        private XmlEvent Start(int from, int close) {
            var isEmpty = close > from + 1 && text[close - 1] == '/';
            var inner = text.Slice(from + 1, isEmpty ? close - 1 : close);
            var found = Emit(isEmpty ? XmlKind.Empty : XmlKind.Start, inner, from, close + 1);
            var length = 0;
            while (length < found.Text.Length && !IsSpace(found.Text[length])) length++;
            found.Name = found.Text.Substring(0, length);
            if (!isEmpty) open.Push(found.Name);
            return found;
        }

        private XmlEvent End(int from, int close) {
            var to = close;
            while (to > from + 2 && IsSpace(text[to - 1])) to--;
            // Nothing but blanks is kept.
            var name = text.Slice(from + 2, to == from + 2 ? close : to);
            if (open.Count > 0) {
                var expected = open.Pop();
                if (checksEndNames && name != expected) {
                    return Error("ill-formed document: expected `</" + expected + ">`, but `</" + name + ">` was found",
                        from, from);
                }
            }
            var found = Emit(XmlKind.End, name, from, close + 1);
            found.Name = name;
            return found;
        }

        private XmlEvent Question(int from) {
            var close = from;
            do {
                close = text.Find('>', close + 1);
            }
            while (close >= 0 && text[close - 1] != '?');
            if (close < 0) {
                var isDeclaration = text.At(from, "<?xml") &&
                    (from + 5 >= text.Length || text[from + 5] == '?' || IsSpace(text[from + 5]));
                return Unclosed((isDeclaration ? "XML declaration" : "processing instruction") + " not closed: `?>`",
                    from);
            }
            if (close - from + 1 <= 3) return Unclosed("processing instruction not closed: `?>`", from);
            return Emit(XmlKind.Other, "", from, close + 1);
        }

        private XmlEvent Bang(int from) {
            int end;
            switch (text.Char(from + 2)) {
                case '[':
                    end = text.Find("]]>", from + 2);
                    if (end < 0 || !text.At(from, "<![CDATA[")) return Unclosed("CDATA not closed: `]]>`", from);
                    return Emit(XmlKind.Text, text.Slice(from + 9, end), from, end + 3);
                case '-':
                    // `<!-->` and `<!--->` do not close.
                    end = text.Find("-->", from + 4);
                    if (end < 0 || !text.At(from, "<!--")) return Unclosed("comment not closed: `-->`", from);
                    return Emit(XmlKind.Other, "", from, end + 3);
                case 'D': case 'd':
                    end = Doctype.End(text, from);
                    if (end < 0 || text.Slice(from, Math.Min(from + 9, text.Length)).AsciiLower() != "<!doctype") {
                        return Unclosed("DOCTYPE not closed: `>`", from);
                    }
                    if (end >= from + 9 && !text.Slice(from + 9, end).All(IsSpace)) {
                        return Emit(XmlKind.Other, "", from, end + 1);
                    }
                    return Error("ill-formed document: "
                        + "`<!DOCTYPE>` declaration does not contain a name of a document type", from, end);
                default:
                    return Error("syntax error: unknown or missed symbol in markup", from, from);
            }
        }
    }

    /// <summary>Where a document type declaration ends, as the quick-xml crate finds it.</summary>
    internal static class Doctype {
        /// <summary>
        /// The place of the <c>&gt;</c> that closes the declaration at <paramref name="from"/>; -1 when there is none.
        /// </summary>
        internal static int End(string text, int from) {
            for (var at = from; at < text.Length; at++) {
                var c = text[at];
                if (c == '>') return at;
                if (c == '[') return Subset(text, at + 1);
                if (c != '"' && c != '\'') continue;
                at = text.Find(c, at + 1);
                if (at < 0) return -1;
            }
            return -1;
        }

        private static int Subset(string text, int at) {
            while (at >= 0 && at < text.Length) {
                if (text[at] == ']') return text.Find('>', at + 1);
                at = text[at] == '<' ? Declaration(text, at + 1) : at + 1;
            }
            return -1;
        }

        /// <summary>
        /// The end of a declaration of the internal subset, which begins behind <c>&lt;</c>; -1 when it does not end.
        /// </summary>
        private static int Declaration(string text, int at) {
            // The crate leaves the `>` itself, which is passed over as text of the subset.
            if (text.At(at, "?")) return Past(text.Find("?>", at + 1), 1);
            if (text.At(at, "!--")) return Past(text.Find("-->", at + 3), 3);
            if (text.At(at, "!ELEMENT")) return Past(text.Find('>', at + 8), 1);
            if (text.At(at, "!ENTITY")) return Quoted(text, at + 7);
            if (text.At(at, "!ATTLIST")) return Quoted(text, at + 8);
            if (text.At(at, "!NOTATION")) return Quoted(text, at + 9);
            return Past(text.Find('>', at), 1);
        }

        private static int Past(int end, int length) {
            return end < 0 ? -1 : end + length;
        }

        /// <summary>The <c>&gt;</c> outside of quotes; -1 when there is none.</summary>
        private static int Quoted(string text, int at) {
            for (; at < text.Length; at++) {
                if (text[at] == '>') return at;
                if (text[at] != '"' && text[at] != '\'') continue;
                at = text.Find(text[at], at + 1);
                if (at < 0) return -1;
            }
            return -1;
        }
    }

    /// <summary>An attribute with its raw value, or a fault where one should stand.</summary>
    internal sealed class XmlAttribute {
        internal string Key, Value, Fault;

        private static XmlAttribute Wrong(string text, int place, string words) {
            return new XmlAttribute { Fault = "position " + text.Substring(0, place).Utf8Length() + ": " + words };
        }

        /// <summary>
        /// First place from <paramref name="at"/> that is (not) a space, the length when there is none.
        /// </summary>
        private static int Find(string text, int at, bool isSpace) {
            while (at < text.Length && XmlReader.IsSpace(text[at]) != isSpace) at++;
            return at;
        }

        /// <summary>
        /// The attributes of a tag, whose name ends at <paramref name="at"/>; behind a fault the next one is looked
        /// for.
        /// </summary>
        internal static IEnumerable<XmlAttribute> Of(string text, int at, bool checksDuplicates) {
            var keys = new Dictionary<string, int>(StringComparer.Ordinal);
            for (;;) {
                var start = Find(text, at, false);
                if (start >= text.Length) yield break;
                var end = start + 1;
                while (end < text.Length && text[end] != '=' && !XmlReader.IsSpace(text[end])) end++;
                var equals = Find(text, end, false);
                if (text.Char(equals) != '=') {
                    yield return Wrong(text, equals, "attribute key must be directly followed by `=` or space");
                    if (equals >= text.Length) yield break;
                    at = equals;
                    continue;
                }
                var key = text.Slice(start, end);
                int earlier;
                if (checksDuplicates && keys.TryGetValue(key, out earlier)) {
                    yield return Wrong(text, start, "duplicated attribute, previous declaration at position "
                        + text.Substring(0, earlier).Utf8Length());
                    // The crate starts at the `=`, which it takes for the begin of a value without quotes.
                    at = Find(text, equals, true);
                    if (at >= text.Length) yield break;
                    continue;
                }
                keys[key] = start;
                var open = Find(text, equals + 1, false);
                if (open >= text.Length) {
                    yield return Wrong(text, text.Length, "`=` must be followed by an attribute value");
                    yield break;
                }
                if (text[open] != '"' && text[open] != '\'') {
                    yield return Wrong(text, open, "attribute value must be enclosed in `\"` or `'`");
                    at = Find(text, open, true);
                    if (at >= text.Length) yield break;
                    continue;
                }
                var close = text.Find(text[open], open + 1);
                if (close < 0) {
                    yield return Wrong(text, text.Length, "missing closing quote `" + text[open]
                        + "` in attribute value");
                    yield break;
                }
                yield return new XmlAttribute { Key = key, Value = text.Slice(open + 1, close) };
                at = close + 1;
            }
        }
    }

    /// <summary>References: the five entities of XML and characters by number.</summary>
    internal static class XmlText {
        private static readonly Dictionary<string, string> Entities =
            Table.Of("lt <", "gt >", "amp &", "apos '", "quot \"");

        /// <summary>The text of a reference, null when it has none.</summary>
        internal static string Resolve(string name) {
            string fault;
            return name.Begins("#") ? Character(name.From(1), out fault) : Entities.Get(name);
        }

        /// <summary>The character of a numeric reference, null with a fault when there is none.</summary>
        private static string Character(string digits, out string fault) {
            var isHex = digits.Begins("x");
            if (isHex) digits = digits.From(1);
            fault = null;
            if (digits.Begins("+") || digits.Begins("-")) fault = "unexpected number sign";
            else if (digits == "") fault = "cannot parse integer from empty string";
            if (fault != null) return null;
            ulong code = 0;
            foreach (var c in digits) {
                // Digits are read from the left, so a number may be too large before a letter in it is met.
                if (!(isHex ? Uri.IsHexDigit(c) : c >= '0' && c <= '9')) fault = "invalid digit found in string";
                else code = code * (isHex ? 16UL : 10UL) + (ulong)(c <= '9' ? c - '0' : (c | ' ') - 'a' + 10);
                if (fault == null && code > uint.MaxValue) fault = "number too large to fit in target type";
                if (fault != null) return null;
            }
            if (code == 0) fault = "0x0 character is not permitted in XML";
            else if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
                fault = "`" + code.ToString(CultureInfo.InvariantCulture) + "` is not a valid codepoint";
            }
            return fault == null ? char.ConvertFromUtf32((int)code) : null;
        }

        /// <summary>An attribute's value with its references resolved, null with a fault when that cannot be.</summary>
        internal static string Unescape(string raw, out string fault) {
            Func<int, int> bytes = to => raw.Substring(0, to).Utf8Length();
            var value = new StringBuilder();
            var last = 0;
            fault = null;
            for (var start = raw.IndexOf('&'); start >= 0; start = raw.Find('&', last)) {
                var end = start + 1;
                while (end < raw.Length && raw[end] != '&' && raw[end] != ';') end++;
                if (raw.Char(end) != ';') {
                    fault = "Error while escaping character at range " + bytes(start) + ".." + bytes(raw.Length)
                        + ": Cannot find ';' after '&'";
                    return null;
                }
                var name = raw.Slice(start + 1, end);
                string found;
                if (name.Begins("#")) {
                    found = Character(name.From(1), out fault);
                    if (fault != null) {
                        fault = "invalid character reference: " + fault;
                        return null;
                    }
                }
                else found = Entities.Get(name);
                if (found == null) {
                    fault = "at " + bytes(start + 1) + ".." + bytes(end) + ": unrecognized entity `" + name + "`";
                    return null;
                }
                value.Append(raw, last, start - last).Append(found);
                last = end + 1;
            }
            return value.Append(raw, last, raw.Length - last).ToString();
        }
    }

    /// <summary>
    /// Elements of an XML file, or of a part of one that was pasted. Invariant: a document ends at its first fault;
    /// text without an XML declaration was probably pasted and is read past stray and missing tags.
    /// </summary>
    internal sealed class Xml {
        /// <summary>Open elements, bytes of a path, and attributes of an element at most.</summary>
        private const int Depth = 128, MaxPath = 1024, MaxAttributes = 256;

        private sealed class Element {
            internal string Name, Parent;
            internal Record Record;
            internal readonly StringBuilder Value = new StringBuilder();
        }

        private readonly string text;
        private readonly bool isDeclared;
        private readonly Framed framed = new Framed();
        private readonly LineAt lines;
        private readonly List<Element> open = new List<Element>();
        private string path = "";
        private int roots;
        /// <summary>Line and message of the first fault.</summary>
        private int faultLine;
        private string fault;

        private Xml(string text) {
            this.text = text;
            isDeclared = text.BareStart().Begins("<?xml");
            lines = new LineAt(text);
        }

        internal static bool Knows(string head) {
            head = head.BareStart();
            if (head.Char(0) != '<') return false;
            var tag = head.From(1);
            if (tag.Begins("?xml") || tag.Begins("!--")) return true;
            if (tag == "" || !(tag[0] == '_' || CodePoints.IsLetter(tag, 0)) || tag.IndexOf('>') < 0) return false;
            var name = tag.Substring(0, NameEnd(tag));
            if (name.AsciiEquals("html")) return false;
            // An attribute or the end of the tag follows; `<user@contoso.com>` and `<path not set>` are no tags.
            var rest = tag.From(name.Length).BareStart();
            var end = NameEnd(rest);
            if (end == rest.Length) return false;
            return end == 0 ? rest.Begins(">") || rest.Begins("/>") : rest.From(end).BareStart().Begins("=");
        }

        private static int NameEnd(string text) {
            var end = 0;
            while (end < text.Length && (":_-.".IndexOf(text[end]) >= 0 || CodePoints.IsWord(text, end))) end++;
            return end;
        }

        internal static Framed Frame(string text) {
            var xml = new Xml(text);
            xml.Read();
            return xml.Finish();
        }

        private void Fault(int line, string message) {
            if (fault != null) return;
            faultLine = line;
            fault = message;
        }

        /// <summary>Reads up to the end, or up to the fault that ends it.</summary>
        private void Read() {
            var reader = new XmlReader(text, false);
            for (;;) {
                var found = reader.Next();
                var line = lines.Of(found.From);
                if (found.Kind == XmlKind.Eof) return;
                if (found.Kind == XmlKind.Error) {
                    Fault(lines.Of(found.At), Short(found.Text));
                    return;
                }
                if (!Take(found, line) || (isDeclared && fault != null)) return;
            }
        }

        /// <summary>False when there is no room for more.</summary>
        private bool Take(XmlEvent found, int line) {
            switch (found.Kind) {
                case XmlKind.Start: return Add(found, line) && Enter(found, line);
                case XmlKind.Empty: return Add(found, line);
                case XmlKind.End: Leave(Local(found.Name), line); break;
                case XmlKind.Text: Value(found.Text, line); break;
                case XmlKind.Reference:
                    var value = XmlText.Resolve(found.Text);
                    if (value == null) Fault(line, "unknown entity `&" + Short(found.Text) + ";`");
                    Value(value ?? "&" + found.Text + ";", line);
                    break;
            }
            return true;
        }

        /// <summary>Records an element; false when there is no room for more.</summary>
        private bool Add(XmlEvent found, int line) {
            if (open.Count == 0 && ++roots > 1) Fault(line, "more than one root element");
            var raw = text.Slice(found.From, found.To);
            var name = Local(found.Name);
            var record = new Record(line, line + raw.Newlines(0, raw.Length), raw);
            record.Fields.Add("element", name);
            record.Fields.Add("path", path == "" ? name : path + "/" + name);
            foreach (var attribute in XmlAttribute.Of(found.Text, found.Name.Length, true).Take(MaxAttributes)) {
                var wrong = attribute.Fault;
                if (wrong == null) {
                    var value = XmlText.Unescape(attribute.Value, out wrong) ?? attribute.Value;
                    record.Fields.Add("@" + attribute.Key, value);
                }
                if (wrong != null) Fault(line, Short(wrong));
            }
            return framed.Push(record);
        }

        /// <summary>Opens the element recorded last; false when it is too deep.</summary>
        private bool Enter(XmlEvent found, int line) {
            var name = Local(found.Name);
            if (open.Count >= Depth || path.Utf8Length() + name.Utf8Length() >= MaxPath) {
                Fault(line, "too deep");
                return false;
            }
            open.Add(new Element { Name = name, Parent = path, Record = framed.Records[framed.Records.Count - 1] });
            path = path == "" ? name : path + "/" + name;
            return true;
        }

        /// <summary>Closes the innermost open element of a name, and those in it.</summary>
        private void Leave(string name, int line) {
            var at = open.FindLastIndex(element => element.Name == name);
            if (at < 0) {
                Fault(line, "`</" + Short(name) + ">` closes nothing");
                return;
            }
            if (at < open.Count - 1) {
                Fault(line, "`</" + Short(name) + ">` stands where `</" + Short(open[open.Count - 1].Name)
                    + ">` is expected");
            }
            Close(at);
        }

        /// <summary>Closes all open elements but the outer ones.</summary>
        private void Close(int keep) {
            while (open.Count > keep) {
                var element = open[open.Count - 1];
                open.RemoveAt(open.Count - 1);
                path = element.Parent;
                var value = element.Value.ToString().Bare();
                if (value != "") element.Record.Fields.Add("value", value);
            }
        }

        private void Value(string piece, int line) {
            if (open.Count > 0) open[open.Count - 1].Value.Append(piece);
            else if (!piece.IsBlank()) Fault(line, "text outside of the root element");
        }

        private Framed Finish() {
            if (fault == null && open.Count > 0) {
                Fault(lines.Of(text.BareEnd().Length), "`" + Short(open[open.Count - 1].Name) + "` is not closed");
            }
            if (fault == null && roots == 0) Fault(1, "no element");
            Close(0);
            var records = framed.Records;
            // The document stands where its fault is, which is where a reader should look.
            var line = fault == null ? null : Lines.Of(text).FirstOrDefault(one => one.Number == faultLine);
            var number = Math.Max(faultLine, 1);
            var document = new Record(number, number, line == null ? "" : Short(line.Text));
            document.Fields.Add("element", "");
            document.Fields.Add("path", "");
            if (fault == null) {
                document.Fields.Add("well_formed", "true");
                records.Insert(0, document);
                return framed;
            }
            framed.Say("line " + faultLine + ": " + fault);
            if (isDeclared) document.Fields.Add("well_formed", "false");
            else framed.Absent = new List<string> { "well_formed" };
            var place = records.FindIndex(record => record.FirstLine > faultLine);
            records.Insert(place < 0 ? records.Count : place, document);
            return framed;
        }

        /// <summary>A name without its prefix.</summary>
        private static string Local(string name) {
            return name.From(name.LastIndexOf(':') + 1);
        }

        /// <summary>As much of a text as fits into a message.</summary>
        private static string Short(string text) {
            return text.Head(200);
        }
    }

    // ---- What is asked of records, sections 5.3, 6 and 7.2 --------------------------------------------------------

    /// <summary>Three-valued truth; <c>Math.Min</c> is "and". None is that of a condition without members.</summary>
    internal static class Truth {
        internal const int None = -1, False = 0, Unknown = 1, True = 2;
    }

    /// <summary>A field test, ready to be asked.</summary>
    internal sealed class Check {
        internal readonly string Field;
        internal readonly string Kind;
        private readonly bool isCaseSensitive;
        private readonly bool exists;
        private readonly Pattern pattern;
        private readonly long[] bound;
        private readonly string[] values;

        private Check(Json test) {
            var question = test["test"];
            Field = test.String("field");
            Kind = question.Only();
            isCaseSensitive = test["case_sensitive"] != null && test["case_sensitive"].Text == "true";
            exists = question[Kind].Text == "true";
            if (Kind == "regex") pattern = new Pattern(question[Kind]);
            if (Kind == "gte" || Kind == "lte") bound = DottedVersion.Parse(question[Kind].Text);
            values = question.Strings(Kind).Select(value => isCaseSensitive ? value : value.AsciiLower()).ToArray();
        }

        /// <summary>All checks of a list, regexes last: what is cheap is asked first.</summary>
        internal static List<Check> All(IEnumerable<Json> tests) {
            return tests.Select(test => new Check(test)).OrderBy(check => check.Kind == "regex").ToList();
        }

        private int Ask(View record, Fields captures) {
            if (!record.IsPossible(Field)) return Truth.Unknown;
            var value = record.Field(Field);
            if (Kind == "exists") return (value != null) == exists ? Truth.True : Truth.False;
            return value != null && Holds(record, value, captures) ? Truth.True : Truth.False;
        }

        private bool Holds(View record, string value, Fields captures) {
            if (pattern != null) return pattern.Capture(value, captures);
            if (Kind == "gte" || Kind == "lte") {
                var version = DottedVersion.Parse(value);
                if (version == null || bound == null) return false;
                var order = DottedVersion.Compare(version, bound);
                return Kind == "gte" ? order >= 0 : order <= 0;
            }
            if (!isCaseSensitive) value = record.Lower(value);
            switch (Kind) {
                case "any_of": return values.Contains(value);
                case "contains_all": return values.All(value.Has);
                case "contains_any": return values.Any(value.Has);
                case "starts_with": return values.Any(value.Begins);
                default: return values.Any(value.Ends);
            }
        }

        /// <summary>Asks all checks of a record, stopping at the first that is false.</summary>
        internal static Answer AskAll(List<Check> checks, View record) {
            var answer = new Answer { Truth = Truth.True, Captures = new Fields() };
            foreach (var check in checks) {
                var truth = check.Ask(record, answer.Captures);
                answer.IsSupported |= truth == Truth.True;
                answer.Truth = Math.Min(answer.Truth, truth);
                if (truth == Truth.False) break;
            }
            return answer;
        }
    }

    internal struct Answer {
        internal int Truth;
        /// <summary>At least one of the checks was true.</summary>
        internal bool IsSupported;
        internal Fields Captures;
    }

    /// <summary>What a probe is for, in the order in which a record is asked.</summary>
    internal enum Role { Start, Opens, Fact, Success, Failure, Clause, Closes, Dismisses, End }

    /// <summary>One thing that is asked of records: a rule's clause, a run's mark, a fact.</summary>
    internal sealed class Probe {
        internal Role Role;
        internal Clause Clause;
        internal List<Json> Tests;
        /// <summary>One of these occurs in every record that the tests select; none: nothing is known.</summary>
        internal List<string> Literals;
        /// <summary>
        /// What the record itself answers, what its block gives, and what a selected record must say.
        /// </summary>
        internal List<Check> Checks, Deferred, Expect;
    }

    /// <summary>A field and the pattern whose groups are read from it.</summary>
    internal sealed class Derivation {
        internal string Field;
        internal Pattern Pattern;

        internal static List<Derivation> All(Json owner, string key) {
            return owner.List(key).Select(one => new Derivation {
                Field = one.String("field"), Pattern = new Pattern(one["regex"])
            }).ToList();
        }
    }

    /// <summary>Everything that is asked of the records of one source.</summary>
    internal sealed class Program {
        private static readonly Json Nothing = new Json();

        internal readonly Json Source;
        internal readonly string Id;
        internal readonly List<Derivation> Derive, Gives;
        /// <summary>In the order of their roles.</summary>
        internal readonly List<Probe> Probes;
        internal readonly Needles Needles, PastedNeedles;
        /// <summary>Records must be counted, so every one of them is cut, candidate or not.</summary>
        internal bool CountsRecords;
        /// <summary>Every record is given, whatever is asked of it: for looking at records themselves.</summary>
        internal bool GivesAll = false;
        internal readonly int Short;
        internal readonly bool SaysEnd;
        private readonly List<Pattern> headers, allHeaders;

        internal Program(Json source, IEnumerable<Clause> clauses) {
            Source = source;
            Id = source.String("id");
            headers = Pattern.All(source, "headers");
            allHeaders = headers.Concat(Pattern.All(source, "pasted_headers")).ToList();
            Derive = Derivation.All(source, "derive");
            var runs = source["runs"] ?? Nothing;
            var blocks = source["blocks"] ?? Nothing;
            Short = (int)Math.Min(runs.Number("short") ?? 0, int.MaxValue);
            SaysEnd = runs.List("ends").Count > 0;
            Gives = Derivation.All(blocks, "gives");
            var given = new HashSet<string>(Gives.SelectMany(gives => gives.Pattern.Groups), StringComparer.Ordinal);
            Probes = Asked(runs, blocks, clauses).OrderBy(probe => (int)probe.Role).ToList();
            foreach (var probe in Probes) {
                probe.Checks = Check.All(probe.Tests.Where(test => !given.Contains(test.String("field"))));
                probe.Deferred = Check.All(probe.Tests.Where(test => given.Contains(test.String("field"))));
            }
            PastedNeedles = new Needles(Probes.Select(probe => probe.Literals));
            Needles = new Needles(Probes.Select(probe =>
                probe.Literals.Count > 0 ? probe.Literals : Values(probe.Tests, given)));
        }

        private static IEnumerable<Probe> Asked(Json runs, Json blocks, IEnumerable<Clause> clauses) {
            var probes = Conditions(Role.Start, runs, "starts").Concat(Conditions(Role.End, runs, "ends"))
                .Concat(Conditions(Role.Success, runs, "success")).Concat(Conditions(Role.Failure, runs, "failure"))
                .Concat(Conditions(Role.Opens, blocks, "opens")).Concat(Conditions(Role.Closes, blocks, "closes"))
                .Concat(Conditions(Role.Dismisses, blocks, "dismisses"));
            var facts = runs.List("facts").Select(fact => new Probe {
                Role = Role.Fact,
                Tests = new List<Json> {
                    new Json().With("field", fact["field"]).With("test", new Json().With("regex", fact["regex"]))
                },
                Literals = fact.Strings("literals")
            });
            return probes.Concat(facts).Concat(clauses.Select(clause => new Probe {
                Role = Role.Clause,
                Clause = clause,
                Tests = clause.Body.List("where"),
                Literals = clause.Body.Strings("literals"),
                Expect = Check.All(clause.Body.List("expect"))
            }));
        }

        private static IEnumerable<Probe> Conditions(Role role, Json owner, string key) {
            return owner.List(key).Select(condition => new Probe {
                Role = role,
                Tests = condition.List("where"),
                Literals = condition.Strings("literals")
            });
        }

        /// <summary>
        /// Texts that stand in every record that the tests select, where no field is assumed: the values of a test,
        /// unless they are so short that they stand everywhere.
        /// </summary>
        private static List<string> Values(List<Json> tests, HashSet<string> given) {
            var kinds = new[] { "any_of", "contains_any", "starts_with", "ends_with" };
            var values = tests.Where(test => !given.Contains(test.String("field")) &&
                kinds.Contains(test["test"].Only()))
                .Select(test => test["test"].Strings(test["test"].Only()))
                .FirstOrDefault(list => list.Count > 0 && list.All(value => value.Length >= Fixbook.Needles.Shortest));
            return values ?? new List<string>();
        }

        /// <summary>Whether the records are cut while the file is read; the other formats are read whole.</summary>
        internal bool Streams {
            get { return Source.String("format") == "records" || Source.String("format") == "lines"; }
        }

        /// <summary>The probes that test one of these fields.</summary>
        internal IEnumerable<int> Mentioning(List<string> fields) {
            return Enumerable.Range(0, Probes.Count).Where(index =>
                Probes[index].Checks.Any(check => fields.Contains(check.Field)));
        }

        internal bool OpensRecord(string line, bool isPasted) {
            Match match;
            return Source.String("format") == "lines" || Header(line, isPasted, out match) != null;
        }

        /// <summary>The first header pattern that fits a line; null when none does.</summary>
        internal Pattern Header(string line, bool isPasted, out Match match) {
            foreach (var header in isPasted ? allHeaders : headers) {
                match = header.Find(line);
                if (match.Success) return header;
            }
            match = null;
            return null;
        }
    }

    /// <summary>
    /// Looks for the literals of all probes at once: the last four units of a text, hashed, lead to the literals that
    /// begin so. Invariant: every occurrence is reported, ASCII case ignored.
    /// </summary>
    internal sealed class Needles {
        /// <summary>Shorter literals are not looked for: their probes are asked of every record.</summary>
        internal const int Shortest = 4;
        private const int Bits = 15;

        internal struct Hit {
            internal int At;
            internal int Literal;
        }

        private readonly List<string> literals = new List<string>();
        private readonly List<int>[] buckets = new List<int>[1 << Bits];

        internal Needles(IEnumerable<List<string>> ofProbes) {
            Owners = new List<List<int>>();
            Always = new List<int>();
            var known = new Dictionary<string, int>(StringComparer.Ordinal);
            var probe = 0;
            foreach (var list in ofProbes) {
                if (list.Count == 0 || list.Any(literal => literal.Length < Shortest)) Always.Add(probe);
                else foreach (var literal in list.Select(literal => literal.AsciiLower())) Add(literal, probe, known);
                probe++;
            }
        }

        /// <summary>Probes of each literal.</summary>
        internal List<List<int>> Owners { get; private set; }

        /// <summary>Probes that every record is asked.</summary>
        internal List<int> Always { get; private set; }

        private void Add(string literal, int probe, Dictionary<string, int> known) {
            int index;
            if (!known.TryGetValue(literal, out index)) {
                index = literals.Count;
                known.Add(literal, index);
                literals.Add(literal);
                Owners.Add(new List<int>());
                uint window = 0;
                foreach (var c in literal.Substring(0, Shortest)) window = Slide(window, c);
                var slot = Slot(window);
                buckets[slot] = buckets[slot] ?? new List<int>();
                buckets[slot].Add(index);
            }
            Owners[index].Add(probe);
        }

        private static uint Slide(uint window, char c) {
            return window >> 8 | (uint)((c | ' ') & 0xff) << 24;
        }

        private static int Slot(uint window) {
            return (int)(unchecked(window * 0x9e3779b1) >> (32 - Bits));
        }

        /// <summary>Every occurrence, in the order of the places.</summary>
        internal List<Hit> Find(string text) {
            var hits = new List<Hit>();
            uint window = 0;
            for (var at = 0; at < text.Length; at++) {
                window = Slide(window, text[at]);
                var bucket = buckets[Slot(window)];
                if (bucket == null) continue;
                var from = at - Shortest + 1;
                foreach (var literal in bucket) {
                    if (StandsAt(text, from, literals[literal])) hits.Add(new Hit { At = from, Literal = literal });
                }
            }
            return hits;
        }

        private static bool StandsAt(string text, int at, string literal) {
            if (at < 0 || at + literal.Length > text.Length) return false;
            for (var i = 0; i < literal.Length; i++) {
                var c = text[at + i];
                if (c != literal[i] && !(c >= 'A' && c <= 'Z' && (c | ' ') == literal[i])) return false;
            }
            return true;
        }
    }

    /// <summary>
    /// A record as the checks see it. Invariant: asking never changes an answer; a derivation runs at most once.
    /// </summary>
    internal sealed class View {
        private const int MaxDerivations = 64;
        private static readonly string[] TimeParts = { "year", "month", "day", "hour", "minute", "second", "fraction" };
        private static readonly List<string> Nothing = new List<string>();

        internal readonly string Text;
        internal readonly Fields Fields;
        /// <summary>Milliseconds since 1970 in the file's own clock.</summary>
        internal long? Time;
        /// <summary>
        /// Whether a field that a pasted fragment lacks is assumed: for clauses, not for what the log says of itself.
        /// </summary>
        internal bool Assumes = true;

        private readonly Program program;
        private readonly bool isPasted;
        internal List<string> Absent = Nothing;
        private HashSet<Derivation> derived;
        /// <summary>A derivation took too long, so what it would give is not known.</summary>
        private bool isSlow;
        private string lowered, lower;

        private View(Program program, string text, Fields fields, bool isPasted) {
            this.program = program;
            this.isPasted = isPasted;
            Text = text;
            Fields = fields;
        }

        /// <summary>
        /// A record of a line-based format: the header's groups, and <c>message</c> with the lines that follow.
        /// </summary>
        internal static View Cut(Program program, string text, bool isPasted) {
            text = text.TrimEnd('\n');
            var view = new View(program, text, new Fields(), isPasted);
            var newline = text.IndexOf('\n');
            Match match;
            var header = program.Header(newline < 0 ? text : text.Substring(0, newline), isPasted, out match);
            if (header == null) view.Fields.Add("message", text.BareEnd());
            else view.Read(header, match);
            view.Split();
            return view;
        }

        /// <summary>A record of a format that is read whole.</summary>
        internal static View Framed(Program program, Record record, List<string> absent) {
            var view = new View(program, record.Text, record.Fields, false) { Absent = absent };
            view.Split();
            return view;
        }

        /// <summary>The fields that a block gives, and nothing else.</summary>
        internal static View Given(Program program, Fields given) {
            return new View(program, "", given, false) { derived = new HashSet<Derivation>(program.Derive) };
        }

        private void Read(Pattern header, Match match) {
            var stamp = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var at = 0; at < header.Groups.Count; at++) {
                var name = header.Groups[at];
                var group = match.Groups[at + 1];
                if (!group.Success) continue;
                if (name == "ampm" || TimeParts.Contains(name)) stamp[name] = group.Value;
                else if (name == "message") Fields.Add("message", Text.From(group.Index).BareEnd());
                else Fields.Add(name, group.Value);
            }
            Time = Milliseconds(stamp);
        }

        /// <summary>
        /// Section 5.1: <c>fraction</c> counts milliseconds; a clock without a date still measures distances.
        /// </summary>
        private static long? Milliseconds(Dictionary<string, string> stamp) {
            var parts = new long?[TimeParts.Length];
            for (var at = 0; at < parts.Length; at++) {
                long number;
                var text = stamp.Get(TimeParts[at]);
                if (text != null && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
                    out number)) {
                    parts[at] = number;
                }
            }
            if (parts[0] == null && parts[3] == null) return null;
            var hour = parts[3] ?? 0;
            var half = stamp.Get("ampm");
            if (half != null) hour = hour % 12 + (half.AsciiEquals("pm") ? 12 : 0);
            var days = DaysSince1970(parts[0] ?? 1970, parts[1] ?? 1, parts[2] ?? 1);
            return (((days * 24 + hour) * 60 + (parts[4] ?? 0)) * 60 + (parts[5] ?? 0)) * 1000 + (parts[6] ?? 0);
        }

        /// <summary>
        /// Of the proleptic Gregorian calendar, after Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms".
        /// </summary>
        private static long DaysSince1970(long year, long month, long day) {
            if (month <= 2) year--;
            var era = (year >= 0 ? year : year - 399) / 400;
            var yearOfEra = year - era * 400;
            var dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
            return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468;
        }

        private void Split() {
            foreach (var split in program.Source.List("split")) {
                var field = split.String("field");
                var at = Fields.List.FindIndex(pair => pair.Key == field);
                if (at < 0 || !Fields.List[at].Value.Begins(split.String("starts_with"))) continue;
                var rest = Fields.List[at].Value.From(split.String("starts_with").Length);
                var cut = rest.Find(split.String("at"), 0);
                Fields.List.RemoveAt(at);
                Fields.Add(split.String("before"), cut < 0 ? rest : rest.Substring(0, cut));
                if (cut >= 0) Fields.Add(split.String("after"), rest.From(cut + split.String("at").Length));
            }
        }

        /// <summary>Everything that a field can hold, to look for literals in.</summary>
        internal string Haystack() {
            return Text + string.Concat(Fields.List.Select(field => "\n" + field.Value));
        }

        private string Own(string name) {
            return name == "text" ? Text : Fields.Get(name);
        }

        private void DeriveFor(string name) {
            foreach (var derive in program.Derive.Take(MaxDerivations)
                .Where(derive => derive.Pattern.Groups.Contains(name))) {
                if (isSlow) throw new SlowPattern();
                derived = derived ?? new HashSet<Derivation>();
                var value = derived.Add(derive) ? Own(derive.Field) : null;
                isSlow = true;
                var match = value == null ? null : derive.Pattern.Find(value);
                isSlow = false;
                if (match == null || !match.Success) continue;
                for (var at = 0; at < derive.Pattern.Groups.Count; at++) {
                    if (match.Groups[at + 1].Success) Fields.Add(derive.Pattern.Groups[at], match.Groups[at + 1].Value);
                }
            }
        }

        /// <summary>What a pasted fragment is taken to have.</summary>
        private string Assumed(string name) {
            return program.Source["pasted"] == null ? null : program.Source["pasted"].String(name);
        }

        /// <summary>The value of a field, null when the record has none.</summary>
        internal string Field(string name) {
            var value = Own(name);
            if (value == null && program.Derive.Count > 0) {
                DeriveFor(name);
                value = Own(name);
            }
            return value == null && isPasted && Assumes ? Assumed(name) : value;
        }

        /// <summary>Whether the file of this record could have such a field at all.</summary>
        internal bool IsPossible(string name) {
            if (Absent.Count > 0 && Absent.Contains(name)) return Own(name) != null;
            if (!isPasted || Own(name) != null) return true;
            return program.Derive.Any(derive => derive.Pattern.Groups.Contains(name)) ||
                program.Source.List("split").Any(split =>
                    split.String("before") == name || split.String("after") == name) ||
                Assumed(name) != null;
        }

        /// <summary>A value in lower case; the last one is kept, because several probes ask one field.</summary>
        internal string Lower(string value) {
            if (!ReferenceEquals(value, lowered)) {
                lowered = value;
                lower = value.AsciiLower();
            }
            return lower;
        }
    }

    /// <summary>
    /// Where a record stands: <c>At</c> orders the records of a file, <c>Number</c> counts them where that is asked.
    /// </summary>
    internal struct Place {
        internal long At, Number;
        internal int FirstLine, LastLine;
    }

    /// <summary>A record that a clause selected.</summary>
    internal sealed class Hit {
        internal Place Place;
        internal long? Time;
        internal int? Block;
        internal string Key;
        internal Fields Captures;
        internal int Expect;
        internal string Excerpt;
    }

    /// <summary>What one run has for one clause.</summary>
    internal sealed class ClauseHits {
        internal long Count;
        internal List<Hit> Kept = new List<Hit>();
        /// <summary>
        /// The first record of which it is not known whether it would do, and whether a test of it was true.
        /// </summary>
        internal Hit Unknown;
        internal bool IsSupported;
    }

    /// <summary>An error block, section 6.2.</summary>
    internal sealed class Block {
        internal int Id, FirstLine, LastLine;
        internal readonly Fields Given = new Fields();
        internal string Excerpt = "", Innermost = "";
        /// <summary>Hits that wait for what the block gives.</summary>
        internal List<KeyValuePair<Probe, Hit>> Waiting = new List<KeyValuePair<Probe, Hit>>();
    }

    /// <summary>One run of a file, section 6.1.</summary>
    internal sealed class Run {
        internal int Number, FirstLine, LastLine;
        internal bool IsFailure, IsSuccess, IsEnded;
        internal readonly SortedDictionary<string, string> Facts =
            new SortedDictionary<string, string>(CodePoints.Order);
        internal readonly Dictionary<Clause, ClauseHits> Hits = new Dictionary<Clause, ClauseHits>();
        internal List<Block> Blocks = new List<Block>();

        internal string Outcome {
            get { return IsFailure ? "failure" : IsSuccess ? "success" : "unknown"; }
        }

        internal ClauseHits Of(Clause clause) {
            ClauseHits hits;
            if (!Hits.TryGetValue(clause, out hits)) Hits[clause] = hits = new ClauseHits();
            return hits;
        }
    }

    /// <summary>What one file says as it is read. Invariant: memory does not grow with the file.</summary>
    internal sealed class Ledger {
        private const int Keep = 200, MaxRuns = 1000, MaxBlocks = 1000;
        /// <summary>Records of a clause whose text is kept besides the last.</summary>
        private const int Shown = 20;
        internal const int Excerpt = 2000;

        private readonly Program program;
        private readonly string path;
        private readonly Dictionary<string, string> slow;
        private Run current = new Run { Number = 1, FirstLine = 1 };
        private bool isStarted;
        private Block open;
        private int blocks;

        /// <summary><paramref name="slow"/>: issues given up on, with the reason; more of them are added.</summary>
        internal Ledger(Program program, string path, Dictionary<string, string> slow) {
            this.program = program;
            this.path = path;
            this.slow = slow;
            Runs = new List<Run>();
        }

        internal List<Run> Runs { get; private set; }

        internal int Omitted { get; private set; }

        /// <summary>Asks a record its probes, which are sorted.</summary>
        internal void Record(View view, Place place, IEnumerable<int> probes) {
            current.LastLine = Math.Max(current.LastLine, place.LastLine);
            var isOpened = false;
            bool? closes = null;
            foreach (var index in probes) {
                var probe = program.Probes[index];
                if (probe.Role == Role.Opens && isOpened) continue;
                view.Assumes = probe.Role == Role.Clause;
                if (probe.Role == Role.Clause) {
                    Clause(probe, view, place);
                    continue;
                }
                var answer = Check.AskAll(probe.Checks, view);
                if (answer.Truth != Truth.True) continue;
                switch (probe.Role) {
                    case Role.Start: Start(place); break;
                    case Role.Opens:
                        isOpened = true;
                        Opens(view, place);
                        break;
                    case Role.Fact:
                        foreach (var fact in answer.Captures.List) current.Facts[fact.Key] = fact.Value;
                        break;
                    case Role.Success: current.IsSuccess = true; break;
                    case Role.Failure: current.IsFailure = true; break;
                    case Role.Closes: closes = closes ?? true; break;
                    case Role.Dismisses: closes = false; break;
                    case Role.End: current.IsEnded = true; break;
                }
            }
            if (closes != null) Close(view, place.LastLine, closes.Value);
        }

        /// <summary>Ends the file at its last line.</summary>
        internal void Finish(int lastLine) {
            EndRun(lastLine);
        }

        private void Start(Place place) {
            // A row of asterisks above the first start is not a run of its own.
            if (isStarted || place.FirstLine > 3 || current.Hits.Count > 0) {
                EndRun(place.FirstLine - 1);
                current = new Run {
                    Number = current.Number + 1, FirstLine = place.FirstLine, LastLine = place.LastLine
                };
            }
            isStarted = true;
        }

        private void EndRun(int lastLine) {
            Close(null, 0, true);
            current.LastLine = Math.Max(lastLine, current.FirstLine);
            foreach (var hits in current.Hits.Values) hits.Kept = hits.Kept.OrderBy(hit => hit.Place.At).ToList();
            // The run before the last may still be in scope; those before it are history to most rules.
            var history = Runs.Count > 1 ? Runs[Runs.Count - 2] : null;
            if (history != null) {
                history.Blocks = new List<Block>();
                foreach (var clause in history.Hits.Keys.Where(clause => !clause.AsksEveryRun).ToList()) {
                    history.Hits.Remove(clause);
                }
            }
            Runs.Add(current);
            if (Runs.Count <= MaxRuns) return;
            Runs.RemoveAt(0);
            Omitted++;
        }

        /// <summary>
        /// A rule's clause. One whose pattern takes too long ends the search for its issue, and says so.
        /// </summary>
        private void Clause(Probe probe, View view, Place place) {
            if (slow.ContainsKey(probe.Clause.Issue)) return;
            try {
                var answer = Check.AskAll(probe.Checks, view);
                if (answer.Truth != Truth.False) Selected(probe, answer, view, place);
            }
            catch (SlowPattern) {
                var at = "line " + place.FirstLine + " of " + path;
                slow[probe.Clause.Issue] = "one of its patterns takes too long on " + at;
            }
        }

        private void Selected(Probe probe, Answer answer, View view, Place place) {
            var hit = new Hit {
                Place = place, Time = view.Time, Captures = answer.Captures, Expect = Truth.True, Excerpt = ""
            };
            if (probe.Expect.Count > 0) {
                var expected = Check.AskAll(probe.Expect, view);
                hit.Captures.List.AddRange(expected.Captures.List);
                hit.Expect = expected.Truth;
            }
            ClauseHits known;
            var kept = current.Hits.TryGetValue(probe.Clause, out known) ? known.Kept.Count : 0;
            if (kept < Shown || kept >= Keep - 1) hit.Excerpt = view.Text.Take(Excerpt);
            var key = view.Field("key");
            hit.Key = key == null ? null : key.AsciiLower();
            hit.Block = open == null ? (int?)null : open.Id;
            if (answer.Truth == Truth.Unknown) {
                var hits = current.Of(probe.Clause);
                if (hits.Unknown != null) return;
                hits.Unknown = hit;
                hits.IsSupported = answer.IsSupported;
            }
            else if (probe.Deferred.Count == 0) Add(probe.Clause, hit);
            else if (open == null) Deferred(probe, hit, new Fields());
            else if (open.Waiting.Count < Keep * 10) open.Waiting.Add(new KeyValuePair<Probe, Hit>(probe, hit));
        }

        /// <summary>Judges a hit by what its block gave; without a block every such field is absent.</summary>
        private void Deferred(Probe probe, Hit hit, Fields given) {
            var answer = Check.AskAll(probe.Deferred, View.Given(program, given));
            if (answer.Truth != Truth.True) return;
            hit.Captures.List.AddRange(answer.Captures.List);
            Add(probe.Clause, hit);
        }

        private void Add(Clause clause, Hit hit) {
            var hits = current.Of(clause);
            hits.Count++;
            if (hits.Kept.Count >= Keep) hits.Kept.RemoveAt(Keep - 1);
            hits.Kept.Add(hit);
        }

        private void Opens(View view, Place place) {
            if (open == null) open = new Block { Id = ++blocks, FirstLine = place.FirstLine };
            open.LastLine = place.LastLine;
            var room = Excerpt - open.Excerpt.Utf8Length();
            if (room > 0) open.Excerpt += (open.Excerpt == "" ? "" : "\n") + view.Text.Take(room);
            var first = (view.Field("message") ?? "").Split('\n').Select(line => line.Bare())
                .FirstOrDefault(line => line != "");
            if (first != null) open.Innermost = first.Take(Signature.Max);
        }

        /// <summary>Closes the open block, if there is one. <paramref name="isKept"/>: it did harm.</summary>
        private void Close(View view, int lastLine, bool isKept) {
            var block = open;
            if (block == null) return;
            open = null;
            if (view != null) {
                block.LastLine = lastLine;
                foreach (var gives in program.Gives) {
                    var value = view.Field(gives.Field);
                    if (value != null) gives.Pattern.Capture(value, block.Given);
                }
            }
            foreach (var pair in block.Waiting) Deferred(pair.Key, pair.Value, block.Given);
            block.Waiting = null;
            if (isKept && current.Blocks.Count < MaxBlocks) current.Blocks.Add(block);
        }
    }

    // ---- From bytes to records, sections 4.3, 5.1 and 11 ----------------------------------------------------------

    /// <summary>
    /// Reads a log of records in blocks. Text is cut only at a record's begin, so the answer does not depend on where
    /// the blocks end; a record of more than 4 MiB is the exception, and is cut where the other engines cut it.
    /// </summary>
    internal sealed class RecordStream {
        private const int MaxRecord = 4 << 20;

        private readonly Program program;
        private readonly Action<View, Place, IEnumerable<int>> ask;
        private string text;
        /// <summary>Bytes of UTF-8 of the text.</summary>
        private long size;
        private int line = 1;
        private long offset, records;
        private bool endsInNewline;

        internal RecordStream(Program program, string head, Action<View, Place, IEnumerable<int>> ask) {
            this.program = program;
            this.ask = ask;
            text = head;
            size = head.Utf8Length();
        }

        private int LastLine {
            get { return endsInNewline ? line - 1 : line; }
        }

        /// <summary>Reads to the end; gives the number of the last line.</summary>
        internal int Run(Reading reading) {
            for (;;) {
                while (!reading.IsAtEnd && size < Reading.Block) Fill(reading);
                var cut = reading.IsAtEnd ? text.Length : LastRecord();
                if (cut == 0 && !reading.IsAtEnd) {
                    // One record fills the block: read on until it ends or is too long.
                    Fill(reading);
                    continue;
                }
                Records(cut, false);
                if (reading.IsAtEnd) return LastLine;
            }
        }

        /// <summary>Looks at all of the text as a pasted fragment.</summary>
        internal int Pasted() {
            Records(text.Length, true);
            return LastLine;
        }

        private void Fill(Reading reading) {
            var more = reading.Next(Reading.Block);
            text += more;
            size += more.Utf8Length();
        }

        /// <summary>
        /// Where the last record of the text begins; 0 when it is the only one. A text that is too long is cut anyway.
        /// </summary>
        private int LastRecord() {
            // The last line may be incomplete: it may open a record, but what it says is not known yet.
            var lineEnd = text.Length;
            for (var end = lineEnd; end > 0;) {
                var newline = text.LastIndexOf('\n', end - 1);
                if (newline < 0) break;
                if (program.OpensRecord(text.Slice(newline + 1, lineEnd), false)) return newline + 1;
                end = lineEnd = newline;
            }
            return size < MaxRecord ? 0 : text.Length;
        }

        /// <summary>Asks the records of the first part of the text and drops them.</summary>
        private void Records(int cut, bool isPasted) {
            var cursor = new Cursor(program, text.Substring(0, cut), isPasted, line);
            var needles = isPasted ? program.PastedNeedles : program.Needles;
            var hits = needles.Find(cursor.Text);
            var next = 0;
            if (needles.Always.Count > 0 || program.CountsRecords || program.GivesAll) {
                for (int start = 0, end; start < cursor.Text.Length; start = end) {
                    end = cursor.End(start);
                    records++;
                    Ask(cursor, start, end, needles, hits, ref next, records);
                }
            }
            else {
                for (var floor = 0; next < hits.Count;) {
                    var at = hits[next].At;
                    var start = cursor.Start(at, floor);
                    floor = cursor.End(Math.Max(start, cursor.LineStart(at)));
                    Ask(cursor, start, floor, needles, hits, ref next, 0);
                }
            }
            if (isPasted) {
                var again = new Cursor(program, cursor.Text, true, 1);
                next = 0;
                foreach (var paragraph in again.HeadlessParagraphs()) {
                    while (next < hits.Count && hits[next].At < paragraph[0]) next++;
                    Ask(again, paragraph[0], paragraph[1], needles, hits, ref next, 0);
                }
            }
            line = cursor.LineAt(cursor.Text.Length);
            offset += cut;
            endsInNewline = cursor.Text.Ends("\n");
            text = text.From(cut);
            size = text.Utf8Length();
        }

        /// <summary>Asks one record the probes of the literals in it.</summary>
        private void Ask(Cursor cursor, int start, int end, Needles needles, List<Needles.Hit> hits, ref int next,
            long number) {
            var probes = new SortedSet<int>(needles.Always);
            for (; next < hits.Count && hits[next].At < end; next++) {
                probes.UnionWith(needles.Owners[hits[next].Literal]);
            }
            if (probes.Count == 0 && !program.GivesAll) return;
            var record = cursor.Text.Slice(start, end);
            var first = cursor.LineAt(start);
            var last = first + record.Newlines(0, record.Length - (record.Ends("\n") ? 1 : 0));
            var place = new Place { At = offset + start, Number = number, FirstLine = first, LastLine = last };
            ask(View.Cut(program, record, cursor.IsPasted), place, probes);
        }

        /// <summary>Finds the bounds and the lines of records in a block.</summary>
        private sealed class Cursor {
            internal readonly string Text;
            internal readonly bool IsPasted;
            private readonly Program program;
            private int line, counted;

            internal Cursor(Program program, string text, bool isPasted, int line) {
                this.program = program;
                this.line = line;
                Text = text;
                IsPasted = isPasted;
            }

            internal int LineStart(int at) {
                return at == 0 ? 0 : Text.LastIndexOf('\n', at - 1) + 1;
            }

            /// <summary>The end of the line that starts here, with its newline.</summary>
            private int LineEnd(int start) {
                var newline = Text.Find('\n', start);
                return newline < 0 ? Text.Length : newline + 1;
            }

            private bool Opens(int start) {
                var line = Text.Slice(start, LineEnd(start)).TrimEnd('\n');
                // A line of a pasted fragment that no header fits is a record of its own, unless it is set in like the
                // lines of a stack trace.
                return program.OpensRecord(line, IsPasted) || (IsPasted && line != "" && " \t+-".IndexOf(line[0]) < 0);
            }

            /// <summary>
            /// Begin of the record that a place stands in, not before <paramref name="floor"/>, where another one
            /// ended.
            /// </summary>
            internal int Start(int at, int floor) {
                var start = Math.Max(LineStart(at), floor);
                while (start > floor && !Opens(start)) start = Math.Max(LineStart(start - 1), floor);
                return start;
            }

            /// <summary>End of the record that has a line beginning at <paramref name="start"/>.</summary>
            internal int End(int start) {
                var end = LineEnd(start);
                while (end < Text.Length && !Opens(end)) end = LineEnd(end);
                return end;
            }

            /// <summary>The line at a place; places are asked in order, so every newline is counted once.</summary>
            internal int LineAt(int at) {
                line += Text.Newlines(counted, at);
                counted = at;
                return line;
            }

            /// <summary>
            /// Paragraphs of more than one line whose first line has no header: an error as a dialog shows it.
            /// </summary>
            internal IEnumerable<int[]> HeadlessParagraphs() {
                for (var start = 0; start < Text.Length;) {
                    var end = start;
                    var lines = 0;
                    while (end < Text.Length && !Text.Slice(end, LineEnd(end)).IsBlank()) {
                        end = LineEnd(end);
                        lines++;
                    }
                    Match match;
                    var first = Text.Slice(start, LineEnd(start)).TrimEnd('\n');
                    if (lines > 1 && program.Header(first, IsPasted, out match) == null) {
                        yield return new[] { start, end };
                    }
                    start = end == start ? LineEnd(end) : end;
                }
            }
        }
    }

    /// <summary>Which source a file is, section 4.3.</summary>
    internal sealed class Marks {
        /// <summary>Bytes of text that are looked at.</summary>
        internal const int Head = 64 << 10;

        private readonly string format;
        private readonly List<Regex> files;
        private readonly List<Pattern> content;

        internal Marks(Json source) {
            format = source.String("format");
            content = Pattern.All(source, "content");
            files = source.Strings("files").Select(name => {
                var parts = name.AsciiLower().Split('*').Select(Regex.Escape);
                return new Regex("^" + string.Join("[^\0]*?", parts) + "\\z", RegexOptions.CultureInvariant);
            }).ToList();
        }

        private bool Fits(string path) {
            var name = path.From(path.LastIndexOfAny(new[] { '/', '\\' }) + 1).AsciiLower();
            return files.Any(file => file.IsMatch(name));
        }

        /// <summary>The line that speaks for the source; -1 when none does.</summary>
        private int Line(string head, List<string> lines, bool isNamed) {
            if (content.Count > 0) return lines.FindIndex(line => content.Any(pattern => pattern.Find(line).Success));
            if (files.Count > 0 && !isNamed) return -1;
            return Format.Knows(format, head) ? 0 : -1;
        }

        /// <summary>Index of the source that a file is, or -1.</summary>
        internal static int Recognise(List<Marks> marks, string path, string head) {
            var lines = Lines.Of(head).Select(line => line.Text).ToList();
            int best = -1, bestLine = 0;
            var isBestNamed = false;
            for (var index = 0; index < marks.Count; index++) {
                var isNamed = marks[index].Fits(path);
                var line = marks[index].Line(head, lines, isNamed);
                if (line < 0 || (best >= 0 && (isNamed != isBestNamed ? isBestNamed : line >= bestLine))) continue;
                best = index;
                bestLine = line;
                isBestNamed = isNamed;
            }
            return best;
        }
    }

    /// <summary>What a file was read as.</summary>
    internal sealed class FileEvidence {
        internal string Path, Source;
        internal bool IsPasted;
        internal int Short;
        internal List<Run> Runs;

        /// <summary>Index of the first run that counts as last, section 7.1.</summary>
        internal int LastRuns {
            get {
                var last = Runs.Count - 1;
                var isShort = Runs[last].LastLine + 1 - Runs[last].FirstLine < Short && Runs[last].Outcome == "unknown";
                return Math.Max(isShort ? last - 1 : last, 0);
            }
        }
    }

    /// <summary>
    /// One file of the evidence. Invariant: whatever the bytes, it ends with a status that says how far it was read.
    /// </summary>
    internal sealed class Reading : IDisposable {
        /// <summary>Bytes that are read at a time.</summary>
        internal const int Block = 1 << 20;
        /// <summary>Bytes of text up to which a document, and a pasted fragment, is read.</summary>
        private const int MaxDocument = 64 << 20, MaxPasted = 1 << 20;

        private readonly Stream stream;
        private readonly TextDecoder decoder = new TextDecoder();
        private readonly Dictionary<string, string> slow;
        private readonly StringBuilder text = new StringBuilder();

        internal Reading(string path, Stream stream, Dictionary<string, string> slow) {
            this.stream = stream;
            this.slow = slow;
            Report = new FileReport { Path = path, Status = "complete", Runs = new List<RunReport>() };
        }

        internal FileReport Report { get; private set; }

        internal bool IsAtEnd { get; private set; }

        public void Dispose() {
            stream.Dispose();
        }

        /// <summary>The text of the next bytes.</summary>
        internal string Next(int most) {
            var bytes = new byte[most];
            var length = 0;
            for (var read = 1; read > 0 && length < most; length += read) {
                read = stream.Read(bytes, length, most - length);
            }
            Report.Bytes += length;
            IsAtEnd = length == 0;
            return decoder.Push(bytes, length, IsAtEnd);
        }

        private string Until(int length, int block) {
            while (!IsAtEnd && decoder.Length < length) text.Append(Next(block));
            return text.ToString();
        }

        /// <summary>Reads the file as the source that recognises it, or as a pasted fragment.</summary>
        internal List<FileEvidence> Read(List<Program> programs, List<Marks> marks) {
            var head = Until(Marks.Head, Marks.Head);
            var evidence = new List<FileEvidence>();
            if (decoder.IsBinary) {
                Report.Status = "unrecognised";
                Report.Note = "not text";
            }
            else {
                var index = Marks.Recognise(marks, Report.Path, head.Head(Marks.Head));
                if (index >= 0) evidence.Add(Recognised(programs[index], head));
                else evidence = Pasted(programs);
            }
            Report.Encoding = decoder.Encoding;
            Report.Replaced = decoder.Replaced;
            return evidence;
        }

        private FileEvidence Recognised(Program program, string head) {
            Report.Source = program.Id;
            var ledger = new Ledger(program, Report.Path, slow);
            if (program.Streams) ledger.Finish(new RecordStream(program, head, ledger.Record).Run(this));
            else {
                var whole = Until(MaxDocument, Block);
                if (!IsAtEnd) {
                    Report.Status = "partial";
                    Report.Note = "only the first 64 MiB were read";
                }
                var note = Document(program, whole, false, ledger.Record);
                Report.Note = Report.Note ?? note;
                ledger.Finish(LastLine(whole));
            }
            Report.Runs = ledger.Runs.Select(run => new RunReport {
                Run = run.Number, FirstLine = run.FirstLine, LastLine = run.LastLine, Outcome = run.Outcome,
                Ended = program.SaysEnd ? run.IsEnded : (bool?)null, Facts = run.Facts
            }).ToList();
            Report.RunsOmitted = ledger.Omitted;
            return Evidence(program, false, ledger);
        }

        /// <summary>A text that no source claims: every source that reads pasted fragments tries.</summary>
        private List<FileEvidence> Pasted(List<Program> programs) {
            var evidence = new List<FileEvidence>();
            var whole = Until(MaxPasted + 1, Block);
            if (decoder.Length <= MaxPasted && IsAtEnd) {
                foreach (var program in programs.Where(program => program.Source["pasted"] != null)) {
                    var ledger = new Ledger(program, Report.Path, slow);
                    if (program.Streams) ledger.Finish(new RecordStream(program, whole, ledger.Record).Pasted());
                    else {
                        Document(program, whole, true, ledger.Record);
                        ledger.Finish(LastLine(whole));
                    }
                    evidence.Add(Evidence(program, true, ledger));
                }
            }
            if (evidence.Any(file => file.Runs.Any(run => run.Hits.Count > 0 || run.Blocks.Count > 0))) {
                Report.Note = "no source recognises it; read as a pasted fragment";
            }
            else Report.Status = "unrecognised";
            return evidence;
        }

        private FileEvidence Evidence(Program program, bool isPasted, Ledger ledger) {
            return new FileEvidence {
                Path = Report.Path, Source = program.Id, IsPasted = isPasted, Short = program.Short, Runs = ledger.Runs
            };
        }

        /// <summary>Asks every record of a document that is read whole. Gives why it is not complete.</summary>
        internal static string Document(
            Program program, string text, bool isPasted, Action<View, Place, IEnumerable<int>> ask) {
            var framed = Format.Frame(program.Source.String("format"), text);
            var needles = isPasted ? program.PastedNeedles : program.Needles;
            // A record without such a field may satisfy a test unknowingly, so its literals must not keep it away.
            var always = needles.Always.Concat(program.Mentioning(framed.Absent)).ToList();
            for (var number = 0; number < framed.Records.Count; number++) {
                var record = framed.Records[number];
                var view = View.Framed(program, record, framed.Absent);
                var probes = new SortedSet<int>(always);
                foreach (var hit in needles.Find(view.Haystack())) probes.UnionWith(needles.Owners[hit.Literal]);
                ask(view, new Place {
                    At = number, Number = number, FirstLine = record.FirstLine, LastLine = record.LastLine
                }, probes);
            }
            return framed.Note;
        }

        private static int LastLine(string text) {
            return Math.Max(text.Newlines(0, text.Length) + (text == "" || text.Ends("\n") ? 0 : 1), 1);
        }
    }

    // ---- From records to truth, section 7 -------------------------------------------------------------------------

    /// <summary>A clause of a rule.</summary>
    internal sealed class Clause {
        internal readonly Json Body;
        internal readonly string Source, Issue;
        /// <summary>Its rule looks at every run of a file.</summary>
        internal readonly bool AsksEveryRun;

        internal Clause(Json body, string issue, bool asksEveryRun) {
            Body = body;
            Source = body.String("source");
            Issue = issue;
            AsksEveryRun = asksEveryRun;
        }
    }

    /// <summary>A condition: a clause, or a group of conditions.</summary>
    internal sealed class Node {
        internal readonly string Kind;
        internal readonly Json Body;
        internal readonly Clause Clause;
        internal readonly List<Node> Members;

        internal Node(Json node, string issue, bool asksEveryRun) {
            Kind = node.Only();
            Body = node[Kind];
            if (Kind == "clause") Clause = new Clause(Body, issue, asksEveryRun);
            Members = Body.List("members").Select(member => new Node(member, issue, asksEveryRun)).ToList();
        }

        /// <summary>The rule of an issue, null when it has none.</summary>
        internal static Node Of(Json issue) {
            var detection = issue["detection"];
            return detection == null ? null : new Node(detection["rule"], issue.String("id"),
                detection.String("run") == "every");
        }

        /// <summary>Every clause below, in the order of the page.</summary>
        internal IEnumerable<Clause> Clauses {
            get { return Clause != null ? new[] { Clause } : Members.SelectMany(member => member.Clauses); }
        }

        /// <summary>The clauses below that speak for this condition: not those under a <c>none</c>.</summary>
        internal IEnumerable<Clause> Speaking {
            get {
                if (Kind == "none") return new Clause[0];
                return Clause != null ? new[] { Clause } : Members.SelectMany(member => member.Speaking);
            }
        }

        /// <summary>
        /// The clauses that stand for a member of a sequence; of a <c>none</c>, those that it forbids.
        /// </summary>
        internal IEnumerable<Clause> Own {
            get { return Kind == "none" ? Members.SelectMany(member => member.Own) : Speaking; }
        }

        /// <summary>The sources whose records must be counted, because a distance is bounded in records.</summary>
        internal IEnumerable<string> CountedSources {
            get {
                var within = Body["within"];
                var isCounted = within != null && within["records"] != null;
                var own = isCounted ? Clauses.Select(clause => clause.Source) : new string[0];
                return own.Concat(Members.SelectMany(member => member.CountedSources));
            }
        }
    }

    /// <summary>A record that a clause selected, and the file (by index) and run that it stands in.</summary>
    internal sealed class Found {
        internal int File, Run;
        internal Hit Hit;

        internal static IEnumerable<Found> InOrder(IEnumerable<Found> found) {
            return found.OrderBy(one => one.File).ThenBy(one => one.Run).ThenBy(one => one.Hit.Place.At);
        }

        internal static int Compare(Found a, Found b) {
            if (a.File != b.File) return a.File - b.File;
            return a.Run != b.Run ? a.Run - b.Run : a.Hit.Place.At.CompareTo(b.Hit.Place.At);
        }
    }

    internal sealed class Verdict {
        internal int Truth;
        /// <summary>At least one clause is true.</summary>
        internal bool IsSupported;
        internal readonly Dictionary<string, string> Captures = new Dictionary<string, string>(StringComparer.Ordinal);
        internal List<Found> Evidence = new List<Found>();
        internal readonly SortedSet<string> Needs = new SortedSet<string>(CodePoints.Order);

        internal Verdict(int truth) {
            Truth = truth;
        }

        /// <summary>The first capture of a name stays.</summary>
        internal void Add(IEnumerable<KeyValuePair<string, string>> captures) {
            foreach (var capture in captures) {
                if (!Captures.ContainsKey(capture.Key)) Captures.Add(capture.Key, capture.Value);
            }
        }
    }

    /// <summary>
    /// What ties the records of a group's members together, as one record of them gives it; section 7.4.
    /// </summary>
    internal sealed class Tie {
        private readonly string kind;
        private readonly Found by;
        private readonly Json within;

        private Tie(string kind, Found by, Json within) {
            this.kind = kind;
            this.by = by;
            this.within = within;
        }

        internal bool IsToRecord {
            get { return kind == "record"; }
        }

        internal bool Admits(int file, int run, Hit hit) {
            if (kind == "nothing") return false;
            if (kind == "key") return hit.Key == by.Hit.Key;
            if (file != by.File || run != by.Run) return false;
            switch (kind) {
                case "record": return hit.Place.At == by.Hit.Place.At;
                case "block": return hit.Block == by.Hit.Block;
                case "window": return hit.Place.At >= by.Hit.Place.At && IsWithin(hit);
                default: return true;
            }
        }

        private bool IsWithin(Hit hit) {
            var records = within.Number("records");
            var seconds = within.Number("seconds");
            if (records != null && hit.Place.Number - by.Hit.Place.Number > records) return false;
            if (seconds == null) return true;
            return by.Hit.Time != null && hit.Time != null &&
                Math.Abs(by.Hit.Time.Value - hit.Time.Value) <= seconds * 1000m;
        }

        /// <summary>
        /// The restrictions under which a group is tried, one after the other: one for each record that a member found,
        /// and one that admits nothing when there is none, so that what is not known still is not known.
        /// </summary>
        internal static List<Tie[]> Candidates(Json group, List<Found> found) {
            var same = group.String("same");
            var within = group["within"];
            if (same == null && within == null) return new List<Tie[]> { new Tie[0] };
            var candidates = new List<Tie[]>();
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var one in Found.InOrder(found)) {
                var hit = one.Hit;
                if ((same == "block" && hit.Block == null) || (same == "key" && hit.Key == null)) continue;
                // Records that mean the same restriction are tried once.
                var name = same == "key" && within == null ? "\0" + hit.Key
                    : one.File + " " + one.Run + (same == "block" && within == null ? " " + hit.Block
                    : same == "run" && within == null ? "" : " " + hit.Place.At + " " + hit.Place.Number);
                if (!seen.Add(name)) continue;
                var ties = new List<Tie>();
                if (same != null) ties.Add(new Tie(same, one, null));
                if (within != null) ties.Add(new Tie("window", one, within));
                candidates.Add(ties.ToArray());
            }
            if (candidates.Count == 0) candidates.Add(new[] { new Tie("nothing", null, null) });
            return candidates;
        }
    }

    /// <summary>
    /// The truth of a rule's conditions on the records in scope. Invariant: asks nothing of the records themselves.
    /// </summary>
    internal sealed class Scope {
        private static readonly Tie[] Untied = new Tie[0];

        private readonly List<FileEvidence> files;
        /// <summary>Runs in scope of each source that was given: index of the file, index of the run.</summary>
        private readonly Dictionary<string, List<int[]>> runs;

        private Scope(List<FileEvidence> files, Dictionary<string, List<int[]>> runs) {
            this.files = files;
            this.runs = runs;
        }

        /// <summary>
        /// Decides a rule once for each run in scope of its primary source; gives what is true or possible.
        /// </summary>
        internal static IEnumerable<Verdict> Decide(Json detection, Node rule, List<FileEvidence> files) {
            var runs = new Dictionary<string, List<int[]>>(StringComparer.Ordinal);
            string primary = null;
            foreach (var source in rule.Clauses.Select(clause => clause.Source).Distinct()) {
                if (files.All(file => file.Source != source)) continue;
                primary = primary ?? source;
                runs.Add(source, InScope(detection, source, files));
            }
            if (primary == null) yield break;
            var choices = runs[primary].Select(run => new List<int[]> { run }).ToList();
            if (choices.Count == 0) choices.Add(new List<int[]>());
            foreach (var choice in choices) {
                runs[primary] = choice;
                var verdict = new Scope(files, runs).Decide(rule, Untied);
                verdict.Evidence = InOrder(verdict.Evidence);
                if (verdict.Truth == Truth.True || (verdict.Truth == Truth.Unknown && verdict.IsSupported)) {
                    yield return verdict;
                }
            }
        }

        private static List<int[]> InScope(Json detection, string source, List<FileEvidence> files) {
            var outcome = detection.String("outcome") ?? "not-success";
            var inScope = new List<int[]>();
            for (var file = 0; file < files.Count; file++) {
                if (files[file].Source != source) continue;
                var first = detection.String("run") == "every" ? 0 : files[file].LastRuns;
                for (var run = first; run < files[file].Runs.Count; run++) {
                    var isSuccess = files[file].Runs[run].Outcome == "success";
                    if (outcome == "any" || isSuccess == (outcome == "success")) inScope.Add(new[] { file, run });
                }
            }
            return inScope;
        }

        /// <summary>Evidence in file order, each record once.</summary>
        private static List<Found> InOrder(List<Found> evidence) {
            var once = new List<Found>();
            foreach (var one in evidence.OrderBy(one => one.File).ThenBy(one => one.Hit.Place.FirstLine)
                .ThenBy(one => one.Hit.Place.At)) {
                var before = once.Count == 0 ? null : once[once.Count - 1];
                var isSame = before != null && before.File == one.File &&
                    before.Hit.Place.FirstLine == one.Hit.Place.FirstLine &&
                    before.Hit.Place.LastLine == one.Hit.Place.LastLine;
                if (!isSame) once.Add(one);
            }
            return once;
        }

        /// <summary>The truth of a condition on the records that the ties admit.</summary>
        private Verdict Decide(Node node, Tie[] ties) {
            if (node.Clause != null) return Clause(node.Clause, ties);
            var found = new List<Found>();
            if (node.Body["same"] != null || node.Body["within"] != null) {
                foreach (var clause in node.Speaking) found.AddRange(Kept(clause, ties));
            }
            Verdict best = null;
            foreach (var candidate in Tie.Candidates(node.Body, found)) {
                var verdict = Group(node, ties.Concat(candidate).ToArray());
                if (best == null || Rank(verdict) > Rank(best)) best = verdict;
                if (best.Truth == Truth.True) break;
            }
            return best;
        }

        private static int Rank(Verdict verdict) {
            return verdict.Truth * 2 + (verdict.IsSupported ? 1 : 0);
        }

        private Verdict Group(Node node, Tie[] ties) {
            Verdict verdict;
            switch (node.Kind) {
                case "sequence": verdict = InSequence(node.Members, ties); break;
                case "any": verdict = Any(Each(node.Members, ties)); break;
                case "none": verdict = Not(Any(Each(node.Members, ties))); break;
                default: verdict = All(Each(node.Members, ties)); break;
            }
            var holds = node.Body.List("compare").All(compare => Holds(compare, verdict));
            return holds ? verdict : new Verdict(Truth.False);
        }

        private List<Verdict> Each(IEnumerable<Node> members, Tie[] ties) {
            return members.Select(member => Decide(member, ties)).ToList();
        }

        /// <summary>
        /// Whether a comparison of captures holds; one that cannot be made does unless the group is true.
        /// </summary>
        private static bool Holds(Json compare, Verdict verdict) {
            string left, right;
            if (!verdict.Captures.TryGetValue(compare.String("left"), out left) ||
                !verdict.Captures.TryGetValue(compare.String("right"), out right)) {
                return verdict.Truth != Truth.True;
            }
            var op = compare.String("op");
            var versions = new[] { DottedVersion.Parse(left), DottedVersion.Parse(right) };
            if (versions[0] == null || versions[1] == null) {
                return op == "eq" ? left.AsciiEquals(right) : op == "ne" && !left.AsciiEquals(right);
            }
            var order = DottedVersion.Compare(versions[0], versions[1]);
            switch (op) {
                case "eq": return order == 0;
                case "ne": return order != 0;
                case "lt": return order < 0;
                case "lte": return order <= 0;
                case "gt": return order > 0;
                default: return order >= 0;
            }
        }

        /// <summary>The hits of a clause in each run in scope: file, number of the run, hits.</summary>
        private IEnumerable<KeyValuePair<int[], ClauseHits>> Hits(Clause clause) {
            List<int[]> inScope;
            if (!runs.TryGetValue(clause.Source, out inScope)) yield break;
            foreach (var at in inScope) {
                ClauseHits hits;
                var run = files[at[0]].Runs[at[1]];
                if (run.Hits.TryGetValue(clause, out hits)) {
                    yield return new KeyValuePair<int[], ClauseHits>(new[] { at[0], run.Number }, hits);
                }
            }
        }

        private static bool IsAdmitted(Tie[] ties, int[] at, Hit hit) {
            return ties.All(tie => tie.Admits(at[0], at[1], hit));
        }

        /// <summary>The kept records of a clause that the ties admit, in file order.</summary>
        private List<Found> Kept(Clause clause, Tie[] ties) {
            return Hits(clause).SelectMany(at => at.Value.Kept.Where(hit => IsAdmitted(ties, at.Key, hit))
                .Select(hit => new Found { File = at.Key[0], Run = at.Key[1], Hit = hit })).ToList();
        }

        /// <summary>Section 7.3.</summary>
        private Verdict Clause(Clause clause, Tie[] ties) {
            var unknown = new Verdict(Truth.Unknown);
            unknown.Needs.Add(clause.Source);
            if (!runs.ContainsKey(clause.Source)) return unknown;
            var verdict = Selected(clause, ties, Kept(clause, ties));
            if (verdict != null) return verdict;
            // A record that would do if it had the fields that its file cannot have.
            foreach (var at in Hits(clause)) {
                var hit = at.Value.Unknown;
                if (hit == null || !IsAdmitted(ties, at.Key, hit)) continue;
                unknown.IsSupported = at.Value.IsSupported;
                if (unknown.IsSupported) {
                    unknown.Evidence.Add(new Found { File = at.Key[0], Run = at.Key[1], Hit = hit });
                }
                return unknown;
            }
            var isFragment = files.All(file => file.Source != clause.Source || file.IsPasted);
            return isFragment && !ties.Any(tie => tie.IsToRecord) ? unknown : new Verdict(Truth.False);
        }

        private static List<Found> Speaking(Clause clause, List<Found> found) {
            var take = clause.Body.String("take");
            if (take == "first") return found.Take(1).ToList();
            return take == "last" ? found.Skip(found.Count - 1).ToList() : found;
        }

        /// <summary>What the selected records say; null when the clause does not hold.</summary>
        private Verdict Selected(Clause clause, Tie[] ties, List<Found> found) {
            var count = clause.Body["count"];
            var takesAll = clause.Body.String("take") == "all";
            if (count != null) {
                var counted = ties.Length > 0 ? found.Count : Hits(clause).Sum(at => at.Value.Count);
                if (counted < (count.Number("gte") ?? 0) || counted > (count.Number("lte") ?? long.MaxValue)) {
                    return null;
                }
                if (found.Count == 0) return new Verdict(Truth.True);
            }
            var speaking = Speaking(clause, found);
            if (speaking.Count == 0) return null;
            var truths = speaking.Select(one => one.Hit.Expect);
            var truth = takesAll ? truths.Min() : truths.Max();
            if (truth == Truth.False) return null;
            var spoken = speaking.Where(one => one.Hit.Expect == truth).ToList();
            var verdict = new Verdict(truth) { IsSupported = true };
            // Of two values of one name the later counts.
            foreach (var capture in spoken[0].Hit.Captures.List) verdict.Captures[capture.Key] = capture.Value;
            verdict.Evidence = count != null || takesAll ? spoken : spoken.Take(3).ToList();
            if (truth == Truth.Unknown) verdict.Needs.Add(clause.Source);
            return verdict;
        }

        /// <summary>Section 7.5.</summary>
        private Verdict InSequence(List<Node> members, Tie[] ties) {
            var path = Sequence.Path(members.Select(member =>
                new KeyValuePair<bool, List<Found>>(member.Kind == "none", Step(member, ties))));
            if (path != null) {
                var verdict = new Verdict(Truth.True) { IsSupported = true, Evidence = path };
                foreach (var one in path) verdict.Add(one.Hit.Captures.List);
                return verdict;
            }
            var parts = Each(members.Where(member => member.Kind != "none"), ties);
            return parts.Any(part => part.Truth == Truth.Unknown) ? All(parts) : new Verdict(Truth.False);
        }

        /// <summary>
        /// The records that can stand for a member of a sequence: of its clauses, those that say what is expected.
        /// </summary>
        private List<Found> Step(Node member, Tie[] ties) {
            return Found.InOrder(member.Own.SelectMany(clause => Speaking(clause, Kept(clause, ties)))
                .Where(one => one.Hit.Expect == Truth.True)).ToList();
        }

        /// <summary>The opposite, of which nothing can be shown.</summary>
        private static Verdict Not(Verdict verdict) {
            var not = new Verdict(verdict.Truth == Truth.None ? Truth.None : Truth.True - verdict.Truth);
            if (not.Truth == Truth.Unknown) not.Needs.UnionWith(verdict.Needs);
            return not;
        }

        private static Verdict All(List<Verdict> parts) {
            var known = parts.Where(part => part.Truth != Truth.None).ToList();
            return Merge(known.Count == 0 ? Truth.None : known.Min(part => part.Truth), parts);
        }

        private static Verdict Any(List<Verdict> parts) {
            var truth = parts.Count == 0 ? Truth.None : parts.Max(part => part.Truth);
            var speaking = parts.Where(part => part.Truth == truth).ToList();
            // The first satisfying record in file order gives the captures.
            return Merge(truth, speaking.OrderBy(part => part.Evidence.FirstOrDefault(),
                Comparer<Found>.Create((a, b) =>
                a == null || b == null ? (a == null ? 0 : 1) - (b == null ? 0 : 1) : Found.Compare(a, b))));
        }

        private static Verdict Merge(int truth, IEnumerable<Verdict> parts) {
            var verdict = new Verdict(truth);
            if (truth == Truth.False) return verdict;
            foreach (var part in parts) {
                verdict.IsSupported |= part.IsSupported;
                verdict.Add(part.Captures);
                verdict.Evidence.AddRange(part.Evidence);
                verdict.Needs.UnionWith(part.Needs);
            }
            if (truth == Truth.True) verdict.Needs.Clear();
            return verdict;
        }
    }

    /// <summary>
    /// Records at increasing places. Invariant: when there is a path, one is found; of each record it is enough to know
    /// one record of the member before from which it can be reached, so the work is quadratic in the records kept.
    /// </summary>
    internal static class Sequence {
        /// <summary>A path that ends in a record, and the path before it.</summary>
        private sealed class Reached {
            internal Found Last;
            internal Reached Before;
        }

        private static bool Precedes(Found a, Found b) {
            return a.File == b.File && a.Run == b.Run && a.Hit.Place.At < b.Hit.Place.At;
        }

        /// <summary>The first path through steps, which may be forbidden; null when there is none.</summary>
        internal static List<Found> Path(IEnumerable<KeyValuePair<bool, List<Found>>> steps) {
            List<Reached> reached = null;
            var barriers = new List<Found>();
            foreach (var step in steps) {
                if (step.Key) {
                    barriers.AddRange(step.Value);
                    continue;
                }
                reached = Next(reached, step.Value, barriers);
                barriers = new List<Found>();
            }
            var whole = reached == null ? null : reached.FirstOrDefault(path =>
                !barriers.Any(barrier => Precedes(path.Last, barrier)));
            if (whole == null) return null;
            var found = new List<Found>();
            for (; whole != null; whole = whole.Before) found.Insert(0, whole.Last);
            return found;
        }

        private static List<Reached> Next(List<Reached> reached, List<Found> found, List<Found> barriers) {
            if (reached == null) {
                return found.Where(one => !barriers.Any(barrier => Precedes(barrier, one)))
                    .Select(one => new Reached { Last = one }).ToList();
            }
            var next = new List<Reached>();
            foreach (var one in found) {
                var before = reached.FindLast(path => Precedes(path.Last, one) &&
                    !barriers.Any(barrier => Precedes(path.Last, barrier) && Precedes(barrier, one)));
                if (before != null) next.Add(new Reached { Last = one, Before = before });
            }
            return next;
        }
    }

    // ---- From truth to a report, sections 8 and 9 -----------------------------------------------------------------

    /// <summary>
    /// Text with captures. Invariant: a captured value is untrusted; a command gets it as one PowerShell literal.
    /// </summary>
    internal static class Template {
        internal static string Fill(List<Json> template, IDictionary<string, string> captures) {
            return string.Concat(template.Select(segment => {
                var capture = segment["capture"];
                if (capture == null) return segment.String("text");
                string value;
                if (!captures.TryGetValue(capture.String("name"), out value)) return "<" + capture.String("name") + ">";
                return capture.String("filter") == "ps" ? PowerShellLiteral(value) : value;
            }));
        }

        /// <summary>
        /// PowerShell reads the typographic single quotes as quotes too, so each of them is doubled like the plain one.
        /// </summary>
        private static string PowerShellLiteral(string value) {
            var literal = new StringBuilder("'");
            foreach (var c in value.Where(c => !CodePoints.IsControl(c))) {
                if (c == '\'' || (c >= '\u2018' && c <= '\u201b')) literal.Append(c);
                literal.Append(c);
            }
            return literal.Append('\'').ToString();
        }

        /// <summary>One text a step: the step, then what belongs to it on lines of its own.</summary>
        internal static List<string> Steps(List<Json> blocks, IDictionary<string, string> captures) {
            var steps = new List<string>();
            foreach (var block in blocks) {
                var kind = block.Only();
                var body = kind == "step" || kind == "command" ? block[kind].List("text") : block.List(kind);
                var text = kind == "output" ? block.String(kind)
                    : (kind == "item" ? "- " : kind == "caution" ? "Caution: " : "") + Fill(body, captures);
                if (kind == "step" || steps.Count == 0) steps.Add(text);
                else steps[steps.Count - 1] += "\n" + text;
            }
            return steps;
        }
    }

    /// <summary>
    /// The same name for the same failure on any server. Invariant: names of servers, paths, numbers and identifiers do
    /// not show in it; the words of the product do.
    /// </summary>
    internal static class Signature {
        /// <summary>Characters of a line that count.</summary>
        internal const int Max = 300;

        /// <summary>What the block gave (error id) and the normalised line.</summary>
        internal static string Of(Block block) {
            var given = block.Given.List.Where(pair => pair.Value != "").Select(pair => pair.Value + " | ")
                .FirstOrDefault();
            return given + Normalise(block.Innermost);
        }

        /// <summary>
        /// Lower case; what stands in quotes, and every word that looks like a name or a number, becomes <c>*</c>.
        /// </summary>
        private static string Normalise(string line) {
            var words = new List<string>();
            var quote = '\0';
            foreach (var word in line.Words()) {
                var first = word.TrimStart('(', '[').Char(0);
                var opens = first == '\'' || first == '"';
                var isInside = quote != '\0';
                if (!isInside && opens) quote = first;
                if (quote != '\0') {
                    var tail = word.TrimEnd('.', ',', ';', ':', ')', ']');
                    if (tail.Char(tail.Length - 1) == quote && (isInside || tail.Length > 1)) quote = '\0';
                }
                var next = isInside || opens || IsVariable(word) ? "*" : word.Lower();
                if (next != "*" || words.Count == 0 || words[words.Count - 1] != "*") words.Add(next);
            }
            return string.Join(" ", words);
        }

        /// <summary>A digit, a backslash, a slash, a dot, <c>@</c> or <c>=</c> stands within the word.</summary>
        private static bool IsVariable(string word) {
            int from = 0, to = word.Length;
            while (from < to && !CodePoints.IsWord(word, from)) from++;
            while (to > from && !CodePoints.IsWord(word, to - 1)) to--;
            return word.Slice(from, to).Any(c => (c >= '0' && c <= '9') || "\\@=/.".IndexOf(c) >= 0);
        }
    }

    /// <summary>Findings, their order, what folds under what, and what is left unexplained.</summary>
    internal sealed class Verdicts {
        private const int MaxEvidence = 20;
        private static readonly string[] Statuses = { "matched", "possible" };
        private static readonly string[] Severities = { "critical", "high", "medium", "low", "info" };
        private static readonly string[] Confidences = { "high", "medium", "low" };

        private readonly List<FileEvidence> files;
        private readonly Dictionary<string, List<string>> supersedes;

        internal Verdicts(List<KeyValuePair<Json, Node>> rules, List<Json> issues, List<FileEvidence> files) {
            this.files = files;
            supersedes = issues.ToDictionary(issue => issue.String("id"), issue => issue.Strings("supersedes"),
                StringComparer.Ordinal);
            var findings = new List<Finding>();
            foreach (var rule in rules) {
                var ofIssue = new List<Finding>();
                foreach (var verdict in Scope.Decide(rule.Key["detection"], rule.Value, files)) {
                    var own = Finding(rule.Key, verdict);
                    if (!ofIssue.Any(other => IsSame(other, own))) ofIssue.Add(own);
                }
                findings.AddRange(ofIssue);
            }
            Unexplained = Open(findings.Where(finding => finding.Status == "matched").ToList());
            Findings = Fold(findings.OrderBy(finding => Array.IndexOf(Statuses, finding.Status))
                .ThenBy(finding => Array.IndexOf(Severities, finding.Severity))
                .ThenBy(finding => Array.IndexOf(Confidences, finding.Confidence))
                .ThenBy(Earliest, Comparer<Evidence>.Create(ByPlace))
                .ThenBy(finding => finding.Issue, CodePoints.Order).ToList());
        }

        internal List<Finding> Findings { get; private set; }

        internal List<Unexplained> Unexplained { get; private set; }

        private static bool IsSame(Finding a, Finding b) {
            Func<Finding, string> evidence = finding => Json.Of(finding.Evidence.Select(one => one.ToJson())).Write();
            return a.Status == b.Status && evidence(a) == evidence(b);
        }

        private static Evidence Earliest(Finding finding) {
            return finding.Evidence.OrderBy(one => one, Comparer<Evidence>.Create(ByPlace)).FirstOrDefault();
        }

        /// <summary>No evidence comes first.</summary>
        private static int ByPlace(Evidence a, Evidence b) {
            if (a == null || b == null) return (a == null ? 0 : 1) - (b == null ? 0 : 1);
            var byPath = CodePoints.Order.Compare(a.File, b.File);
            return byPath != 0 ? byPath : a.FirstLine.CompareTo(b.FirstLine);
        }

        private Finding Finding(Json issue, Verdict verdict) {
            return new Finding {
                Issue = issue.String("id"),
                Status = verdict.Truth == Truth.True ? "matched" : "possible",
                Severity = issue.String("severity"),
                Confidence = issue.String("confidence"),
                Title = issue.String("title"),
                Summary = Template.Fill(issue.List("summary"), verdict.Captures),
                Captures = new SortedDictionary<string, string>(verdict.Captures, CodePoints.Order),
                Needs = verdict.Needs.ToList(),
                Evidence = verdict.Evidence.Take(MaxEvidence).Select(one => new Evidence {
                    File = files[one.File].Path,
                    Source = files[one.File].Source,
                    Run = one.Run,
                    FirstLine = one.Hit.Place.FirstLine,
                    LastLine = one.Hit.Place.LastLine,
                    Excerpt = Visible(one.Hit.Excerpt)
                }).ToList(),
                Fix = Template.Steps(issue.List("fix"), verdict.Captures),
                Verify = Template.Steps(issue.List("verify"), verdict.Captures),
                Rollback = Template.Steps(issue.List("rollback"), verdict.Captures),
                Url = issue.String("url")
            };
        }

        /// <summary>
        /// Folds a finding under the first other one that supersedes it; all of them end under the topmost.
        /// </summary>
        private List<Finding> Fold(List<Finding> findings) {
            var under = findings.Select(weaker => findings.FindIndex(stronger => stronger.Issue != weaker.Issue &&
                Array.IndexOf(Statuses, stronger.Status) <= Array.IndexOf(Statuses, weaker.Status) &&
                Supersedes(stronger.Issue, weaker.Issue) && MayBeSame(stronger, weaker))).ToList();
            var tops = Enumerable.Range(0, findings.Count).ToList();
            for (var index = 0; index < findings.Count; index++) {
                for (var round = 0; round < findings.Count && under[tops[index]] >= 0; round++) {
                    tops[index] = under[tops[index]];
                }
            }
            var kept = Enumerable.Range(0, findings.Count).Where(index => tops[index] == index)
                .Select(index => new KeyValuePair<int, Finding>(index, findings[index])).ToList();
            for (var index = 0; index < findings.Count; index++) {
                if (tops[index] == index) continue;
                var stronger = kept.FirstOrDefault(pair => pair.Key == tops[index]).Value;
                if (stronger == null) kept.Add(new KeyValuePair<int, Finding>(tops[index], findings[index]));
                else stronger.Superseded.Add(findings[index]);
            }
            return kept.Select(pair => pair.Value).ToList();
        }

        /// <summary>Whether one issue supersedes another, directly or through others.</summary>
        private bool Supersedes(string stronger, string weaker) {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            var open = new Stack<string>();
            for (open.Push(stronger); open.Count > 0;) {
                List<string> list;
                if (!supersedes.TryGetValue(open.Pop(), out list)) continue;
                if (list.Contains(weaker)) return true;
                foreach (var other in list.Where(seen.Add)) open.Push(other);
            }
            return false;
        }

        /// <summary>
        /// Whether two findings may be about the same failure: they share a run, or speak of different files
        /// altogether.
        /// </summary>
        private static bool MayBeSame(Finding a, Finding b) {
            var pairs = a.Evidence.SelectMany(one => b.Evidence.Where(other => other.File == one.File)
                .Select(other => other.Run == one.Run)).ToList();
            return pairs.Count == 0 || pairs.Contains(true);
        }

        /// <summary>
        /// The blocks of the last runs in which no matched finding has a record, one of each signature.
        /// </summary>
        private List<Unexplained> Open(List<Finding> matched) {
            var open = new List<Unexplained>();
            foreach (var file in files) {
                foreach (var run in file.Runs.Skip(file.LastRuns).Where(run => run.Outcome != "success")) {
                    var seen = new HashSet<string>(StringComparer.Ordinal);
                    foreach (var block in run.Blocks.Where(block => !IsExplained(block, file, matched))) {
                        var signature = Signature.Of(block);
                        if (!seen.Add(signature)) continue;
                        open.Add(new Unexplained {
                            File = file.Path,
                            Run = run.Number,
                            FirstLine = block.FirstLine,
                            LastLine = block.LastLine,
                            Signature = signature,
                            Excerpt = Visible(block.Excerpt).Take(Ledger.Excerpt)
                        });
                    }
                }
            }
            return open;
        }

        private static bool IsExplained(Block block, FileEvidence file, List<Finding> matched) {
            return matched.Any(finding => finding.Evidence.Any(one =>
                one.File == file.Path && one.FirstLine <= block.LastLine && one.LastLine >= block.FirstLine));
        }

        /// <summary>
        /// Text of a log with its control characters, but newline and tab, made visible: an escape reads <c>\x1b</c>.
        /// </summary>
        private static string Visible(string text) {
            var visible = new StringBuilder();
            foreach (var c in text) {
                if (!CodePoints.IsControl(c) || c == '\n' || c == '\t') visible.Append(c);
                else visible.Append("\\x").Append(((int)c).ToString("x2", CultureInfo.InvariantCulture));
            }
            return visible.ToString();
        }
    }

    /// <summary>
    /// A bundle, ready to read evidence. Invariant: the report depends on bundle, bytes and names alone.
    /// </summary>
    internal sealed class Matcher {
        private readonly Bundle bundle;
        private readonly List<KeyValuePair<Json, Node>> rules;
        private readonly List<Program> programs;
        private readonly List<Marks> marks;

        internal Matcher(Bundle bundle) {
            this.bundle = bundle;
            rules = bundle.Issues.Where(issue => issue["detection"] != null)
                .Select(issue => new KeyValuePair<Json, Node>(issue, Node.Of(issue))).ToList();
            var clauses = rules.SelectMany(rule => rule.Value.Clauses)
                .ToLookup(clause => clause.Source, StringComparer.Ordinal);
            var counted = new HashSet<string>(rules.SelectMany(rule => rule.Value.CountedSources),
                StringComparer.Ordinal);
            programs = bundle.Sources.Select(source => new Program(source, clauses[source.String("id")]) {
                CountsRecords = counted.Contains(source.String("id"))
            }).ToList();
            marks = bundle.Sources.Select(source => new Marks(source)).ToList();
        }

        internal Report Scan(IEnumerable<Input> inputs) {
            var reports = new List<FileReport>();
            var evidence = new List<FileEvidence>();
            var slow = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var input in inputs.OrderBy(input => input.Path, CodePoints.Order)) {
                reports.Add(Read(input, evidence, slow));
            }
            var known = rules.Where(rule => !slow.ContainsKey(rule.Key.String("id"))).ToList();
            var verdicts = new Verdicts(known, bundle.Issues, evidence);
            return new Report {
                Bundle = bundle,
                Files = reports,
                Findings = verdicts.Findings,
                Unexplained = verdicts.Unexplained,
                Skipped = bundle.Skipped.Concat(slow.OrderBy(pair => pair.Key, CodePoints.Order)
                    .Select(pair => new Skipped(pair.Key, pair.Value))).ToList()
            };
        }

        /// <summary>A file that cannot be read does not end the scan; its report says why.</summary>
        private FileReport Read(Input input, List<FileEvidence> evidence, Dictionary<string, string> slow) {
            try {
                using (var reading = new Reading(input.Path, input.Read(), slow)) {
                    evidence.AddRange(reading.Read(programs, marks));
                    return reading.Report;
                }
            }
            catch (IOException error) {
                return Failed(input, error.Message);
            }
            catch (UnauthorizedAccessException error) {
                return Failed(input, error.Message);
            }
            catch (SlowPattern) {
                return Failed(input, "a pattern of its source takes too long");
            }
        }

        private static FileReport Failed(Input input, string note) {
            return new FileReport {
                Path = input.Path, Encoding = "utf-8", Status = "failed", Note = note, Runs = new List<RunReport>()
            };
        }
    }
}
