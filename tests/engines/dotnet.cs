// The .NET engine as the comparison of all engines drives it: vectors, scan, verify (see README.md).
//
// Compiled together with site/engines/dotnet/Fixbook.cs by dotnet.sh. Lines of JSON in, lines of JSON out, in UTF-8
// without a mark; exit code 0 when all is well, 1 when something differs, 2 for trouble.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Fixbook;

internal static class Driver {
    private static readonly UTF8Encoding Utf8 = new UTF8Encoding(false);

    private static int Main(string[] args) {
        try {
            if (args.Length == 2 && args[0] == "vectors") return Vectors.Run(args[1]);
            if (args.Length == 2 && args[0] == "scan") return Scan(args[1]);
            if (args.Length == 2 && args[0] == "verify") return Verify(args[1]);
            if (args.Length == 2 && args[0] == "script") return Script.Run(args[1]);
            Console.Error.WriteLine("usage: dotnet.exe vectors FOLDER | scan BUNDLE.json | verify PEM | script PS1");
        }
        catch (Exception error) {
            Console.Error.WriteLine(error);
        }
        return 2;
    }

    /// <summary>One report for each line of files.</summary>
    private static int Scan(string path) {
        var bundle = Bundle.Load(path, null, null);
        return EachLine(line => bundle.Scan(Files(line)).ToJson());
    }

    /// <summary><c>ok</c> or the code of the fault for each line of files.</summary>
    private static int Verify(string keyPath) {
        var key = keyPath == "-" ? null : File.ReadAllBytes(keyPath);
        return EachLine(line => {
            var files = line["files"].Keys.ToDictionary(name => name,
                name => Convert.FromBase64String(line["files"].String(name)));
            try {
                Bundle.Verify(files, key, line.Number("serial"));
                return "ok";
            }
            catch (BundleException fault) {
                return fault.Code;
            }
        });
    }

    private static int EachLine(Func<Json, string> answer) {
        using (var output = new StreamWriter(Console.OpenStandardOutput(), Utf8))
        using (var input = new StreamReader(Console.OpenStandardInput(), Utf8)) {
            for (var line = input.ReadLine(); line != null; line = input.ReadLine()) {
                output.Write(answer(Json.Parse(Utf8.GetBytes(line))) + "\n");
                output.Flush();
            }
        }
        return 0;
    }

    internal static byte[] Bytes(Json file) {
        return file["text"] != null ? Utf8.GetBytes(file.String("text"))
            : Convert.FromBase64String(file.String("base64"));
    }

    internal static List<Input> Files(Json line) {
        return line.List("files").Select(file => Input.Of(file.String("path"), Bytes(file))).ToList();
    }
}

/// <summary>The conformance vectors of a published folder, section 12 of bundle.md.</summary>
internal static class Vectors {
    private static readonly UTF8Encoding Utf8 = new UTF8Encoding(false);
    private static int differing;

    internal static int Run(string folder) {
        var bundle = Bundle.Load(Path.Combine(folder, "bundle.json"), null, null);
        Each(folder, "regex", Search, "match", "captures");
        Each(folder, "decode", Decode, "binary", "encoding", "text", "replaced");
        Each(folder, "frame", Frame, "records");
        Each(folder, "template", vector => {
            return new Json().With("text", Template.Fill(vector.List("template"), Strings(vector["captures"])));
        }, "text");
        Each(folder, "detection", vector => Detection(vector, bundle), "findings", "unexplained", "runs");
        return differing == 0 ? 0 : 1;
    }

    /// <summary>Runs the vectors of one kind; <paramref name="results"/> are the keys of what is expected.</summary>
    private static void Each(string folder, string kind, Func<Json, Json> run, params string[] results) {
        var count = 0;
        foreach (var line in File.ReadLines(Path.Combine(folder, "vectors", kind + ".jsonl"), Utf8)) {
            var vector = Json.Parse(Utf8.GetBytes(line));
            var expected = new Json();
            foreach (var key in results.Where(key => vector[key] != null)) expected.With(key, vector[key]);
            string came;
            try {
                came = run(vector).Write();
            }
            catch (Exception error) {
                came = error.ToString();
            }
            if (came != expected.Write()) {
                differing++;
                Console.Error.WriteLine(kind + " " + vector.String("name") + ": expected " + expected.Write()
                    + ", found " + came);
            }
            count++;
        }
        Console.WriteLine(kind + " " + count);
    }

    private static Dictionary<string, string> Strings(Json map) {
        return map.Keys.ToDictionary(key => key, key => map.String(key));
    }

    /// <summary>Offsets in both units.</summary>
    private static Json Span(string text, int from, int length) {
        Func<int, Json> bytes = to => Json.Of(Utf8.GetByteCount(text.Substring(0, to)));
        return new Json().With("utf16", new[] { Json.Of(from), Json.Of(from + length) })
            .With("utf8", new[] { bytes(from), bytes(from + length) });
    }

    private static Json Search(Json vector) {
        var text = vector.String("text");
        var pattern = new Pattern(vector);
        var match = pattern.Find(text);
        if (!match.Success) return new Json().With("match", Json.Parse(Utf8.GetBytes("null")));
        var result = new Json().With("match", Span(text, match.Index, match.Length));
        var captures = new Json();
        for (var at = 0; at < pattern.Groups.Count; at++) {
            var group = match.Groups[at + 1];
            if (group.Success) {
                captures.With(pattern.Groups[at], Span(text, group.Index, group.Length).With("text", group.Value));
            }
        }
        return captures.Keys.Count == 0 ? result : result.With("captures", captures);
    }

    private static Json Decode(Json vector) {
        var decoder = new TextDecoder();
        var bytes = Convert.FromBase64String(vector.String("base64"));
        var text = decoder.Push(bytes, bytes.Length, true);
        if (decoder.IsBinary) return new Json().With("binary", Json.Of(true));
        var result = new Json().With("encoding", decoder.Encoding).With("text", text);
        return decoder.Replaced == 0 ? result : result.With("replaced", decoder.Replaced);
    }

    private static Json Frame(Json vector) {
        var program = new Program(vector["source"], new Clause[0]) { GivesAll = true };
        var decoder = new TextDecoder();
        var bytes = Driver.Bytes(vector);
        var text = decoder.Push(bytes, bytes.Length, true);
        var isPasted = vector["pasted"] != null;
        var derived = program.Derive.SelectMany(derive => derive.Pattern.Groups).Distinct().ToList();
        var records = new List<Json>();
        Action<View, Place, IEnumerable<int>> ask = (view, place, probes) => {
            view.Assumes = false;
            foreach (var name in derived) view.Field(name);
            var fields = new Json();
            foreach (var pair in view.Fields.List.Where(pair => fields[pair.Key] == null)) {
                fields.With(pair.Key, pair.Value);
            }
            var record = new Json().With("first", place.FirstLine).With("last", place.LastLine).With("text", view.Text)
                .With("fields", fields);
            if (view.Time != null) record.With("time", view.Time.Value);
            var absent = view.Absent.Where(name => fields[name] == null).OrderBy(name => name, CodePoints.Order)
                .ToList();
            if (absent.Count > 0) record.With("absent", absent.Select(Json.Of));
            records.Add(record);
        };
        if (!program.Streams) Reading.Document(program, text, isPasted, ask);
        else if (isPasted) new RecordStream(program, text, ask).Pasted();
        else {
            using (var reading = new Reading(vector.String("path"), new MemoryStream(bytes), new Dictionary<string,
                string>())) {
                new RecordStream(program, "", ask).Run(reading);
            }
        }
        return new Json().With("records", records);
    }

    private static Json Detection(Json vector, Bundle shipped) {
        var bundle = vector["bundle"] == null ? shipped : Bundle.Read(Utf8.GetBytes(vector["bundle"].Write()));
        var report = bundle.Scan(Driver.Files(vector));
        var result = new Json().With("findings", report.Findings.Select(Told));
        var open = report.Unexplained.Select(block => At(block.File, block.FirstLine, block.LastLine)).ToList();
        if (open.Count > 0) result.With("unexplained", open);
        if (vector["runs"] != null) {
            result.With("runs", report.Files.SelectMany(file => file.Runs.Select(run => Told(file, run))));
        }
        return result;
    }

    private static Json At(string path, long first, long last) {
        return Json.Of(new[] { Json.Of(path), Json.Of(first), Json.Of(last) });
    }

    private static Json Told(FileReport file, RunReport run) {
        var told = new Json().With("at", At(file.Path, run.FirstLine, run.LastLine)).With("outcome", run.Outcome);
        return run.Facts.Count == 0 ? told : told.With("facts", Json.Of(run.Facts));
    }

    private static Json Told(Finding finding) {
        var told = new Json().With("issue", finding.Issue).With("status", finding.Status);
        if (finding.Captures.Count > 0) told.With("captures", Json.Of(finding.Captures));
        if (finding.Needs.Count > 0) told.With("needs", finding.Needs.Select(Json.Of));
        if (finding.Evidence.Count > 0) {
            told.With("evidence", finding.Evidence.Select(one => At(one.File, one.FirstLine, one.LastLine)));
        }
        return finding.Superseded.Count == 0 ? told : told.With("superseded", finding.Superseded.Select(Told));
    }
}

/// <summary>
/// What can be said of the PowerShell script without PowerShell: it is ASCII, which Windows PowerShell reads alike
/// everywhere, and every type, method and property of the engine that it names is public there.
/// </summary>
internal static class Script {
    /// <summary>What the variables of the script hold.</summary>
    private static readonly Dictionary<string, Type> Variables = new Dictionary<string, Type> {
        { "rules", typeof(Bundle) }, { "report", typeof(Report) }, { "file", typeof(FileReport) },
        { "issue", typeof(Skipped) }, { "block", typeof(Unexplained) }
    };

    internal static int Run(string path) {
        var script = File.ReadAllText(path, new UTF8Encoding(false, true));
        var faults = script.Where(c => c > '~' || (c < ' ' && c != '\n'))
            .Select(c => "U+" + ((int)c).ToString("X4") + " stands in it").ToList();
        foreach (var name in Names(script, @"(?<!-)Fixbook\.(?!cs\b|ps1\b)(\w+)")) {
            if (Public(name[0]) == null) faults.Add("there is no public type Fixbook." + name[0]);
        }
        foreach (var name in Names(script, @"\[Fixbook\.(\w+)\]::(\w+)\(")) {
            var type = Public(name[0]);
            if (type != null && type.GetMethod(name[1]) == null) faults.Add("there is no " + name[0] + "::" + name[1]);
        }
        var used = Names(script, @"\$(\w+)\.(\w+)").Where(name => Variables.ContainsKey(name[0])).ToList();
        foreach (var name in used.Where(name => Variables[name[0]].GetMember(name[1]).Length == 0)) {
            faults.Add("there is no " + Variables[name[0]].Name + "." + name[1]);
        }
        foreach (var fault in faults) Console.Error.WriteLine(path + ": " + fault);
        return faults.Count == 0 ? 0 : 1;
    }

    private static Type Public(string name) {
        return typeof(Bundle).Assembly.GetExportedTypes().FirstOrDefault(type => type.FullName == "Fixbook." + name);
    }

    private static IEnumerable<string[]> Names(string script, string pattern) {
        return Regex.Matches(script, pattern).Cast<Match>().Select(match => new[] { match.Groups[1].Value, match.Groups[2].Value });
    }
}
