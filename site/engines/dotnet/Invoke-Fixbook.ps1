<#
.SYNOPSIS
Says from logs and exports of a Windows server which known failures it has, and what to do.

.DESCRIPTION
Reads a rule bundle of fixbook, verifies it, scans the files that you name, and gives one object for each finding: its
title, its summary with what was read from the log, and the steps of the fix. Nothing is sent anywhere and nothing is
changed on the machine.

The work is done by Fixbook.cs, which must stand beside this script; it is compiled when it is first used, by the compiler
that Windows PowerShell 5.1 or PowerShell 7 has on board. There is nothing to install.

What was tested and what was not: the tests of the project compile Fixbook.cs as C# 5 and run it, on Mono, against every
conformance vector. This script itself was not run in PowerShell by these tests; they only see that it is plain ASCII and
that what it calls in Fixbook.cs is there. It is short: read it.

Who changes a bundle can change this script too. Keep script and public key from a release that you trust, and let them
verify the bundles that come later.

.PARAMETER Path
Files or folders, wildcards allowed; what Get-ChildItem gives can be piped in. Of a folder all files below are read.

.PARAMETER LiteralPath
The same without wildcards, for names with brackets in them.

.PARAMETER Bundle
The folder of a published bundle, or a single bundle.json. Without it, the bundle that this script was published with.

.PARAMETER PublicKey
A file with the publisher's public key, in PEM. With it, a bundle that is not signed with this key is refused.

.PARAMETER LeastSerial
A bundle of an earlier release than this is refused. Name the serial of the one that you used last: -Verbose shows it.

.PARAMETER AsJson
Gives the whole report as one JSON document, as `fixbook scan --format json` and report.schema.json have it.

.INPUTS
System.String or System.IO.FileInfo: paths.

.OUTPUTS
Fixbook.Finding, or System.String with -AsJson. A finding whose Status is 'possible' names in Needs what would decide it.

.EXAMPLE
.\Invoke-Fixbook.ps1 C:\ExchangeSetupLogs\ExchangeSetup.log | Select-Object Status, Title, Summary, Fix | Format-List

What is wrong, and what to do.

.EXAMPLE
Get-ChildItem C:\ExchangeSetupLogs -Filter *.log | .\Invoke-Fixbook.ps1 -Bundle D:\fixbook\v1 -PublicKey D:\fixbook.pem -LeastSerial 12

Several logs at once, with a bundle that must be signed and must not be older than release 12.

.EXAMPLE
$findings = .\Invoke-Fixbook.ps1 .\ExchangeSetup.log, .\web.config; $findings | Where-Object Status -eq matched | ForEach-Object Fix

The steps alone, of what is certain.

.EXAMPLE
.\Invoke-Fixbook.ps1 C:\ExchangeSetupLogs -AsJson | Set-Content -Encoding UTF8 report.json

The report, for a ticket or for another program.
#>
[CmdletBinding(DefaultParameterSetName = 'Path')]
[OutputType('Fixbook.Finding', 'System.String')]
param(
    [Parameter(ParameterSetName = 'Path', Mandatory = $true, Position = 0, ValueFromPipeline = $true)]
    [string[]] $Path,

    [Parameter(ParameterSetName = 'LiteralPath', Mandatory = $true, ValueFromPipelineByPropertyName = $true)]
    [Alias('PSPath')]
    [string[]] $LiteralPath,

    [string] $Bundle,

    [string] $PublicKey,

    [Nullable[long]] $LeastSerial,

    [switch] $AsJson
)

begin {
    Set-StrictMode -Version 2.0
    $ErrorActionPreference = 'Stop'

    if (-not ('Fixbook.Bundle' -as [type])) {
        $engine = @{ Path = Join-Path $PSScriptRoot 'Fixbook.cs'; IgnoreWarnings = $true }
        # Windows PowerShell must be told of System.Core; PowerShell 7 knows all of .NET unless it is told of a part.
        if ($PSVersionTable.PSVersion.Major -lt 6) { $engine.ReferencedAssemblies = 'System.Core' }
        Add-Type @engine
    }

    # The engine lives outside of PowerShell's drives and current location, so it is given full paths of the disk.
    function Get-FullPath([string] $name) {
        return (Resolve-Path -LiteralPath $name).ProviderPath
    }

    if (-not $Bundle) { $Bundle = Join-Path $PSScriptRoot '..\..' }
    [byte[]] $key = $null
    if ($PublicKey) { $key = [System.IO.File]::ReadAllBytes((Get-FullPath $PublicKey)) }
    $rules = [Fixbook.Bundle]::Load((Get-FullPath $Bundle), $key, $LeastSerial)
    Write-Verbose ('Bundle {0} {1}, serial {2}, signed: {3}' -f $rules.Name, $rules.Version, $rules.Serial, $rules.IsSigned)

    $names = New-Object 'System.Collections.Generic.HashSet[string]'
}

process {
    if ($PSCmdlet.ParameterSetName -eq 'LiteralPath') { $found = Resolve-Path -LiteralPath $LiteralPath }
    else { $found = Resolve-Path -Path $Path }
    foreach ($item in $found) {
        if (Test-Path -LiteralPath $item.ProviderPath -PathType Container) {
            Get-ChildItem -LiteralPath $item.ProviderPath -Recurse -File | ForEach-Object { [void] $names.Add($_.FullName) }
        }
        else { [void] $names.Add($item.ProviderPath) }
    }
}

end {
    if ($names.Count -eq 0) { throw 'There is no file in what was given.' }
    $files = New-Object 'System.Collections.Generic.List[Fixbook.Input]'
    foreach ($name in $names) { $files.Add([Fixbook.Input]::Open($name)) }
    $report = $rules.Scan($files)

    if ($AsJson) { return $report.ToJson() }

    foreach ($file in $report.Files) {
        if ($file.Status -ne 'complete') { Write-Warning ('{0}: {1} {2}' -f $file.Path, $file.Status, $file.Note) }
    }
    foreach ($issue in $report.Skipped) { Write-Warning ('{0} was not looked for: {1}' -f $issue.Id, $issue.Why) }
    foreach ($block in $report.Unexplained) {
        Write-Warning ('{0}, lines {1} to {2}: an error that no issue explains' -f $block.File, $block.FirstLine, $block.LastLine)
    }
    foreach ($finding in $report.Findings) { Write-Output $finding }
}
