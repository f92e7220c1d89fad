@rem Sets JAVA_HOME: a JDK 25 or newer. Without one it says what to install and returns 1.
@rem Called by mvnw.cmd and kantele.cmd; find-jdk does the same elsewhere and tells the order.
@echo off
setlocal
set "wanted=25"
set "found="
set "foundVersion=999"

if defined JAVA_HOME call :consider "%JAVA_HOME%"
if defined found goto :done

set "onPath="
for %%j in (java.exe) do set "onPath=%%~$PATH:j"
if not defined onPath goto :folders
for %%j in ("%onPath%\..\..") do call :consider "%%~fj"
if defined found goto :done

:folders
for /d %%d in (
  "%ProgramFiles%\Java\*"
  "%ProgramFiles%\Eclipse Adoptium\*"
  "%ProgramFiles%\Microsoft\jdk*"
  "%ProgramFiles%\Zulu\*"
  "%LOCALAPPDATA%\Programs\Eclipse Adoptium\*"
  "%USERPROFILE%\.sdkman\candidates\java\*"
  "%USERPROFILE%\.jdks\*"
) do call :consider "%%~d"
if defined found goto :done

echo Kantele needs JDK %wanted% or newer and found none: install one ^(for example from https://adoptium.net^) or set JAVA_HOME to its folder. 1>&2
endlocal
exit /b 1

:done
endlocal & set "JAVA_HOME=%found%"
exit /b 0

rem Takes the JDK in folder %1 when it is new enough and older than the one found so far.
:consider
if not exist "%~1\bin\javac.exe" exit /b 0
if not exist "%~1\release" exit /b 0
set "version="
for /f "usebackq tokens=1,2 delims==" %%a in ("%~1\release") do if "%%a"=="JAVA_VERSION" for /f "delims=.-+_" %%m in (%%b) do set "version=%%m"
if not defined version exit /b 0
if %version% lss %wanted% exit /b 0
if %version% geq %foundVersion% exit /b 0
set "found=%~1"
set "foundVersion=%version%"
exit /b 0
