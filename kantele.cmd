@echo off
rem Runs Kantele from a checkout. Builds it first when it was never built or its sources changed.
rem KANTELE_JAVA_OPTS: more options for the JVM, separated by spaces.
setlocal
set "root=%~dp0"
set "app=%root%cluster\target\app"
set "log=%root%target\kantele-build.log"
set "lock=%root%target\kantele-build.lock"
set "waiting="

call "%root%.mvn\find-jdk.cmd"
if errorlevel 1 exit /b 1

call :isBuilt
if not errorlevel 1 goto :run
if not exist "%root%target" mkdir "%root%target"

:lock
mkdir "%lock%" 2>nul
if not errorlevel 1 goto :locked
if not defined waiting echo Waiting for another build of Kantele (its lock is %lock%)... 1>&2
set "waiting=yes"
rem A build that is older than a quarter of an hour has died.
powershell -noprofile -command "if ((Get-Item $env:lock).CreationTime -lt (Get-Date).AddMinutes(-15)) { Remove-Item $env:lock -Recurse -Force }" >nul 2>nul
ping -n 2 127.0.0.1 >nul
goto :lock

:locked
rem Whoever held the lock may have built it.
call :isBuilt
if not errorlevel 1 goto :unlock
call :build
if not errorlevel 1 goto :unlock
rmdir "%lock%"
exit /b 1

:unlock
rmdir "%lock%"

:run
"%JAVA_HOME%\bin\java.exe" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow %KANTELE_JAVA_OPTS% -cp "%app%\kantele.jar" dev.kantele.cluster.Main %*
exit /b %errorlevel%

rem Returns 0 when there is an application that is newer than everything it is made of.
:isBuilt
if not exist "%app%\stamp" exit /b 1
if not exist "%app%\kantele.jar" exit /b 1
powershell -noprofile -command "$stamp = (Get-Item (Join-Path $env:app 'stamp')).LastWriteTime; $modules = 'protocol','runtime','tools','cluster' | ForEach-Object { Join-Path $env:root $_ }; $poms = @($env:root) + $modules | ForEach-Object { Get-Item (Join-Path $_ 'pom.xml') }; $sources = $modules | ForEach-Object { Get-ChildItem (Join-Path $_ 'src\main') -Recurse }; if (@($poms) + @($sources) | Where-Object { $_.LastWriteTime -gt $stamp } | Select-Object -First 1) { exit 1 }"
exit /b %errorlevel%

:build
if exist "%app%\kantele.jar" (
  echo Building Kantele again ^(its sources changed^)... 1>&2
) else (
  echo Building Kantele ^(first run only, about a minute^)... 1>&2
)
rem No tests, not even compiled: this is for running.
pushd "%root%"
call mvnw.cmd -q -B -ntp -pl cluster -am -Dmaven.test.skip -Dspotless.check.skip package >"%log%" 2>&1 <nul
set "failed=%errorlevel%"
popd
if "%failed%"=="0" exit /b 0
type "%log%" 1>&2
echo Kantele could not be built; the output above is also in %log%. 1>&2
exit /b 1
