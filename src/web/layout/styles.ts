/** The one style sheet. Colours are Primer's tokens by name; sizes are relative to the reader's text. */
export const styles = `
*{box-sizing:border-box}
html{font:16px/1.5 -apple-system,BlinkMacSystemFont,"Segoe UI","Noto Sans",Helvetica,Arial,sans-serif;background:var(--bgColor-default);color:var(--fgColor-default)}
body{margin:0;min-height:100vh;display:flex;flex-direction:column}
a{color:var(--fgColor-link);text-underline-offset:.15em}
a:focus-visible,button:focus-visible,input:focus-visible,select:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:2px solid var(--focus-outlineColor);outline-offset:2px}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .5rem;overflow-wrap:anywhere}
h2{font-size:1.25rem;line-height:1.3;margin:2rem 0 .75rem}
.list h2.step{font-size:1rem;margin:0}
h3{font-size:1rem;margin:0;overflow-wrap:anywhere}
p{margin:.5rem 0}
code,pre,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.875em}
code{background:var(--bgColor-neutral-muted);padding:.1em .35em;border-radius:.375rem;overflow-wrap:anywhere}
pre{background:var(--bgColor-muted);border:1px solid var(--borderColor-default);border-radius:.375rem;padding:.75rem;overflow-x:auto;margin:.5rem 0}
pre code{background:none;padding:0;overflow-wrap:normal}
.skip{position:absolute;left:-10000px}
.skip:focus{left:.5rem;top:.5rem;background:var(--bgColor-default);padding:.5rem;z-index:1}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.top{background:var(--bgColor-muted);border-bottom:1px solid var(--borderColor-default)}
.top>div,main,.foot>div{max-width:70rem;margin:0 auto;padding:.75rem 1rem;width:100%}
.top>div{display:flex;flex-wrap:wrap;gap:.5rem 1.25rem;align-items:center}
.top a{color:var(--fgColor-default);text-decoration:none}
.top a:hover{text-decoration:underline}
.top a[aria-current]{text-decoration:underline;font-weight:600}
.top .name{font-weight:600}
.top form{margin-left:auto;display:flex;gap:.75rem;align-items:center;flex-wrap:wrap}
main{flex:1;padding-top:1.5rem;padding-bottom:3rem}
.foot{border-top:1px solid var(--borderColor-default);color:var(--fgColor-muted);font-size:.875rem}
.muted{color:var(--fgColor-muted)}
.small{font-size:.875rem}
button,.button{font:inherit;font-size:.875rem;font-weight:500;line-height:1.25;padding:.5rem .9rem;border-radius:.375rem;border:1px solid var(--borderColor-default);background:var(--bgColor-muted);color:var(--fgColor-default);cursor:pointer;display:inline-block;text-decoration:none}
button:hover,.button:hover{border-color:var(--borderColor-accent-emphasis)}
button.primary,.button.primary{background:var(--button-primary-bgColor-rest);color:var(--button-primary-fgColor-rest);border-color:transparent}
button.danger{color:var(--fgColor-danger)}
label{display:block;font-weight:600;font-size:.875rem;margin-bottom:.25rem}
input,select{font:inherit;width:100%;padding:.4rem .6rem;border-radius:.375rem;border:1px solid var(--borderColor-emphasis);background:var(--bgColor-default);color:var(--fgColor-default)}
input[type=checkbox]{width:auto;margin:0 .4rem 0 0}
.fields{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(14rem,100%),1fr));gap:.75rem;align-items:end;margin:1rem 0}
.fields .check{display:flex;align-items:center;margin:.4rem 0}.fields .check label{margin:0;font-weight:400}
.wrong{color:var(--fgColor-danger);font-size:.875rem;margin:.25rem 0 0}
[aria-invalid=true]{border-color:var(--borderColor-danger-emphasis)}
.note{border:1px solid var(--borderColor-default);border-left-width:.3rem;border-radius:.375rem;padding:.6rem .9rem;margin:.75rem 0;overflow-wrap:anywhere}
.note.good{border-color:var(--borderColor-success-muted);background:var(--bgColor-success-muted)}
.note.care{border-color:var(--borderColor-attention-muted);background:var(--bgColor-attention-muted)}
.note.bad{border-color:var(--borderColor-danger-muted);background:var(--bgColor-danger-muted)}
.list{list-style:none;margin:0;padding:0;border:1px solid var(--borderColor-default);border-radius:.375rem}
.list>li{padding:.75rem 1rem;border-top:1px solid var(--borderColor-muted);overflow-wrap:anywhere}
.list>li:first-child{border-top:0}
.list ul{margin:.4rem 0 0;padding-left:1.25rem}
.label{display:inline-block;border:1px solid currentColor;border-radius:2em;padding:0 .6em;font-size:.75rem;font-weight:600;line-height:1.5;white-space:nowrap;vertical-align:middle}
.label.pass{color:var(--fgColor-success)}.label.fail{color:var(--fgColor-danger)}.label.wait{color:var(--fgColor-attention)}.label.plain{color:var(--fgColor-muted)}
dl{display:grid;grid-template-columns:minmax(6rem,10rem) 1fr;gap:.3rem 1rem;margin:.6rem 0}
dt{color:var(--fgColor-muted)}
dd{margin:0;overflow-wrap:anywhere}
.scroll{overflow-x:auto}.scroll>svg{width:100%;min-width:34rem;max-width:none}
table{border-collapse:collapse;width:100%;font-size:.875rem}
caption{text-align:left;color:var(--fgColor-muted);padding:.25rem 0}
th,td{text-align:left;padding:.5rem .75rem;border-bottom:1px solid var(--borderColor-muted);vertical-align:top}
th{color:var(--fgColor-muted);font-weight:600}
td time,td code{white-space:nowrap}
.timeline{list-style:none;margin:0;padding:0 0 0 1rem;border-left:2px solid var(--borderColor-default)}
.timeline>li{padding:0 0 1rem .5rem;overflow-wrap:anywhere}
svg{max-width:100%;height:auto;display:block}
svg text{font-size:11px;fill:var(--fgColor-muted);font-family:inherit}
svg .day{fill:var(--bgColor-muted)}svg .open{fill:var(--bgColor-success-emphasis)}svg .freeze{fill:var(--bgColor-danger-emphasis)}svg .now{stroke:var(--fgColor-accent);stroke-width:2}svg .grid{stroke:var(--borderColor-default)}svg .holiday{fill:var(--fgColor-done)}svg .trend{fill:none;stroke:var(--bgColor-success-emphasis);stroke-width:2}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;padding:0;font-size:.875rem}
.legend svg{display:inline-block;width:1em;height:1em;margin-right:.4em;vertical-align:-.1em}
details>summary{cursor:pointer}
details{margin:.5rem 0}
.list form .fields{margin-bottom:0}
.note ul{margin:.25rem 0;padding-left:1.25rem}
@media(max-width:40rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}.top form{margin-left:0}.stack thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.stack tr,.stack td,.stack th{display:block;border-bottom:0;padding:.15rem 0}.stack tr{border-bottom:1px solid var(--borderColor-default);padding:.5rem 0}}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(15rem,100%),1fr));gap:1rem;margin:.75rem 0}
.figures dd{margin:0}.figures strong{display:block;font-size:1.25rem}.figures span{display:block}
@media print{.top,.foot,.skip,.links,form{display:none}.scroll{overflow:visible}table{font-size:.7rem}tr,svg{break-inside:avoid}thead{display:table-header-group}h2{break-after:avoid}}
`;
