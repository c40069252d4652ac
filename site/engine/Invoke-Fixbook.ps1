<#
.SYNOPSIS
Says from logs and exports of a Windows server which known failures it has, and what to do.

.DESCRIPTION
Runs `fixbook.exe scan` with a rule bundle on the files that you name, and gives one object for each finding: its title,
its summary with what was read from the log, and the steps of the fix. Nothing is sent anywhere and nothing is changed on
the machine.

The work is done by fixbook.exe, which is found beside this script, in the PATH, or by -Program. A folder of a bundle is
verified before its rules are used, and with -PublicKey its signature too. Who changes a bundle can change this script:
keep script, program and public key from a release that you trust.

What was tested and what was not: this script was never run in PowerShell by the tests of the project. They see that it is
plain ASCII and that the arguments that it passes are those of the program, which is tested. It is short: read it.

.PARAMETER Path
Files or folders, wildcards allowed; what Get-ChildItem gives can be piped in. Of a folder all files below are read.

.PARAMETER LiteralPath
The same without wildcards, for names with brackets in them.

.PARAMETER Bundle
The folder of a published bundle, or a single bundle.json. Without it, the folder that this script was published in.

.PARAMETER PublicKey
A file with the publisher's public key, in PEM. With it, a bundle that is not signed with this key is refused.

.PARAMETER LeastSerial
A bundle of an earlier release than this is refused.

.PARAMETER Program
The path of fixbook.exe.

.PARAMETER AsJson
Gives the whole report as one JSON document, as report.schema.json describes it.

.INPUTS
System.String or System.IO.FileInfo: paths.

.OUTPUTS
An object for each finding, or System.String with -AsJson. A finding whose status is 'possible' names in `needs` what would
decide it.

.EXAMPLE
.\Invoke-Fixbook.ps1 C:\ExchangeSetupLogs\ExchangeSetup.log | Select-Object status, title, summary, fix | Format-List

What is wrong, and what to do.

.EXAMPLE
Get-ChildItem C:\ExchangeSetupLogs -Filter *.log | .\Invoke-Fixbook.ps1 -Bundle D:\fixbook\v1 -PublicKey D:\fixbook.pem

Several logs at once, with a bundle that must be signed.
#>
[CmdletBinding(DefaultParameterSetName = 'Path')]
[OutputType('System.Management.Automation.PSCustomObject', 'System.String')]
param(
    [Parameter(ParameterSetName = 'Path', Mandatory = $true, Position = 0, ValueFromPipeline = $true)]
    [string[]] $Path,

    [Parameter(ParameterSetName = 'LiteralPath', Mandatory = $true, ValueFromPipelineByPropertyName = $true)]
    [Alias('PSPath')]
    [string[]] $LiteralPath,

    [string] $Bundle = (Split-Path -Parent $PSScriptRoot),
    [string] $PublicKey,
    [Nullable[long]] $LeastSerial,
    [string] $Program,
    [switch] $AsJson
)

begin {
    Set-StrictMode -Version 2
    $ErrorActionPreference = 'Stop'
    $files = New-Object System.Collections.Generic.List[string]

    function Resolve-Given([string] $Given) {
        (Resolve-Path -LiteralPath $Given).ProviderPath
    }
}

process {
    $found = if ($PSCmdlet.ParameterSetName -eq 'Path') { Resolve-Path -Path $Path } else { Resolve-Path -LiteralPath $LiteralPath }
    foreach ($item in $found) {
        # Windows PowerShell does not double a backslash before the quote that it adds.
        $files.Add(($item.ProviderPath -replace '(?<=[^:])\\+$', ''))
    }
}

end {
    if (-not $Program) {
        $beside = Join-Path $PSScriptRoot 'fixbook.exe'
        $Program = if (Test-Path -LiteralPath $beside) { $beside } else { (Get-Command fixbook -CommandType Application | Select-Object -First 1).Path }
    }
    $arguments = @('scan', '--format', 'json', '--bundle', (Resolve-Given $Bundle))
    if ($PublicKey) { $arguments += @('--key', (Resolve-Given $PublicKey)) }
    if ($null -ne $LeastSerial) { $arguments += @('--min-serial', "$LeastSerial") }

    $before = [Console]::OutputEncoding
    [Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false
    try {
        $text = (& $Program $arguments '--' $files.ToArray()) -join "`n"
    }
    finally {
        [Console]::OutputEncoding = $before
    }
    if (-not $text) {
        throw "fixbook ended with exit code $LASTEXITCODE and gave no report."
    }
    if ($AsJson) {
        return $text
    }
    $report = ConvertFrom-Json $text
    foreach ($file in $report.files) {
        if ($file.status -ne 'complete') {
            Write-Warning "$($file.path): $($file.status)$(if ($file.PSObject.Properties['note']) { ", $($file.note)" })"
        }
    }
    $report.findings
}
