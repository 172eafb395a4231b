namespace Kpod.Reports.Markup;

/// <summary>The page's style sheet: light and dark, wide and narrow, screen and print.</summary>
internal static class PageStyle
{
    private const string LightColours = """
        --page:#f6f5f2;--surface:#ffffff;--ink:#1d2126;--muted:#5a636e;--hair:#dedfe2;--grid:#e8e9eb;--accent:#0a5c8f;--good:#00734f;--bad:#b3400a;--shade:#eef1f4;
        --c1:#0069a8;--c2:#d05800;--c3:#00805d;--c4:#a43c86;--c5:#8d7200;--c6:#4a9fd8;--c7:#7d1f4c;--c8:#59616b;
        """;

    private const string DarkColours = """
        --page:#121519;--surface:#1a1e25;--ink:#e7e9ec;--muted:#a0a9b5;--hair:#333a44;--grid:#2a3038;--accent:#7cc4f5;--good:#45cf9f;--bad:#ff9b62;--shade:#232932;
        --c1:#5cb3f2;--c2:#ff9a4a;--c3:#40cfa2;--c4:#e592cf;--c5:#e9cf57;--c6:#a7d3ff;--c7:#ef7d9f;--c8:#b2bac5;
        """;

    private const string Body = """
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%;scroll-padding-top:3.2rem}
        body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","Liberation Sans",Arial,sans-serif}
        header,main,footer{max-width:1120px;margin:0 auto;padding:0 1.25rem}
        header{padding-top:1.6rem;padding-bottom:1.4rem}
        .bar-top{display:flex;justify-content:space-between;align-items:center;gap:1rem;min-height:2rem}
        .kind{margin:0;color:var(--accent);font-weight:600;font-size:.82rem;letter-spacing:.08em;text-transform:uppercase}
        h1{margin:.2rem 0 .5rem;font-size:clamp(1.7rem,4.5vw,2.5rem);line-height:1.15;letter-spacing:-.015em;overflow-wrap:anywhere}
        .lead{margin:0;max-width:70ch;color:var(--muted);font-size:1.05rem}
        button{font:inherit;font-size:.82rem;color:var(--ink);background:var(--surface);border:1px solid var(--hair);border-radius:999px;padding:.3rem .9rem;cursor:pointer}
        button:hover{border-color:var(--accent)}
        :focus-visible{outline:2px solid var(--accent);outline-offset:2px}
        .tiles{list-style:none;margin:1.4rem 0 0;padding:0;display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.75rem}
        .tiles li{background:var(--surface);border:1px solid var(--hair);border-radius:12px;padding:.75rem .95rem}
        .tiles strong{display:block;white-space:nowrap;font-size:1.4rem;line-height:1.25;letter-spacing:-.01em;font-variant-numeric:tabular-nums}
        .tile-name,.tile-note{display:block;overflow-wrap:anywhere;font-size:.82rem;color:var(--muted)}
        nav{position:sticky;top:0;z-index:2;display:flex;gap:.25rem;overflow-x:auto;background:var(--page);border-block:1px solid var(--hair);padding:.45rem max(1.25rem,calc((100% - 1120px)/2 + 1.25rem));scrollbar-width:thin}
        nav a{flex:none;color:var(--ink);text-decoration:none;font-size:.86rem;padding:.2rem .6rem;border-radius:999px}
        nav a:hover{background:var(--surface)}
        nav a.absent{color:var(--muted)}
        section{margin:2.6rem 0 0}
        h2{margin:0 0 .6rem;font-size:1.45rem;line-height:1.25;letter-spacing:-.01em}
        h2 .number{color:var(--accent);font-variant-numeric:tabular-nums;margin-right:.3rem}
        h3{margin:1.8rem 0 .5rem;font-size:1.08rem}
        section p{max-width:75ch;margin:.4rem 0 .9rem}
        .absence{color:var(--muted);font-style:italic}
        .callout{max-width:none;background:var(--surface);border:1px solid var(--hair);border-left:4px solid var(--bad);border-radius:8px;padding:.6rem .9rem}
        .cards{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:1rem}
        .card,figure,.item{background:var(--surface);border:1px solid var(--hair);border-radius:12px;padding:1rem 1.1rem;margin:0;min-width:0}
        .card.below{margin-top:1rem}
        .hint{color:var(--muted);font-size:.88rem;max-width:80ch}
        section .hint:last-child{margin-bottom:0}
        .card h3{margin:0 0 .5rem}
        dl{margin:0;display:grid;grid-template-columns:fit-content(45%) minmax(0,1fr);gap:.22rem 1rem;font-size:.92rem}
        dt{color:var(--muted);overflow-wrap:anywhere;min-width:6rem}
        dd{margin:0;overflow-wrap:anywhere;unicode-bidi:isolate}
        .figures{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:1rem;margin-top:1rem}
        figure.wide{grid-column:1/-1}
        figure h4{margin:0 0 .4rem;font-size:1rem}
        figcaption{margin-top:.5rem;color:var(--muted);font-size:.88rem;max-width:80ch}
        .legend{list-style:none;display:flex;flex-wrap:wrap;gap:.15rem 1rem;margin:0 0 .5rem;padding:0;font-size:.84rem}
        .legend li{display:flex;align-items:center;gap:.4rem}
        .swatch{width:26px;height:12px;flex:none}
        .chart{display:block;width:100%;height:auto;overflow:visible;font-size:12px}
        .chart text{fill:var(--muted)}
        .chart text.name{fill:var(--ink)}
        .chart text.note{font-size:11px}
        .base{stroke:var(--muted)}
        .tick{stroke:var(--muted)}
        .grid{stroke:var(--grid)}
        .rule{stroke:var(--muted);stroke-dasharray:3 3;opacity:.75}
        .line{fill:none;stroke:var(--series);stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
        .line.thin{stroke-width:1.4}
        .line.dash1{stroke-dasharray:7 4}
        .line.dash2{stroke-dasharray:2 4}
        .line.dash3{stroke-dasharray:9 4 2 4}
        .band{fill:var(--series);opacity:.2;stroke:none}
        .band.strong{opacity:.38}
        .bar{fill:var(--series);stroke:var(--surface);stroke-width:.7}
        .dot{fill:var(--series);stroke:var(--surface);stroke-width:1}
        .dot.hollow{fill:var(--surface);stroke:var(--series);stroke-width:2}
        .whisker{stroke:var(--series);stroke-width:2;stroke-linecap:round}
        .bar:hover,.dot:hover{stroke:var(--ink);stroke-width:1.5}
        .c1{--series:var(--c1)}.c2{--series:var(--c2)}.c3{--series:var(--c3)}.c4{--series:var(--c4)}.c5{--series:var(--c5)}.c6{--series:var(--c6)}.c7{--series:var(--c7)}.c8{--series:var(--c8)}
        .o0{--series:color-mix(in srgb,var(--c1) 100%,var(--surface))}.o1{--series:color-mix(in srgb,var(--c1) 76%,var(--surface))}.o2{--series:color-mix(in srgb,var(--c1) 58%,var(--surface))}
        .o3{--series:color-mix(in srgb,var(--c1) 44%,var(--surface))}.o4{--series:color-mix(in srgb,var(--c1) 32%,var(--surface))}.o5{--series:color-mix(in srgb,var(--c1) 22%,var(--surface))}
        details{margin-top:.6rem;font-size:.9rem}
        summary{cursor:pointer;color:var(--accent)}
        .table{overflow-x:auto;margin-top:.6rem}
        .card>.table:first-child,.item>.table:first-child{margin-top:0}
        table{border-collapse:collapse;font-size:.88rem;font-variant-numeric:tabular-nums;min-width:100%}
        tr:last-child td{border-bottom:0}
        td:last-child,th:last-child{padding-right:0}
        th,td{text-align:left;vertical-align:top;padding:.3rem .9rem .3rem 0;border-bottom:1px solid var(--hair);unicode-bidi:isolate}
        th{color:var(--muted);font-weight:600;white-space:nowrap}
        th.n,td.n{text-align:right;white-space:nowrap}
        .heat{max-width:none;margin:.5rem 0 0;line-height:2.05;white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:isolate}
        .heat b{font-weight:400;border-radius:3px;padding:.16em .1em;margin-right:1px;-webkit-print-color-adjust:exact;print-color-adjust:exact;-webkit-box-decoration-break:clone;box-decoration-break:clone}
        .heat i{font:600 .68rem/1 system-ui,sans-serif;color:var(--surface);background:var(--accent);border-radius:4px;padding:.16em .38em;margin:0 .3em 0 .1em;vertical-align:.22em;user-select:none;-webkit-print-color-adjust:exact;print-color-adjust:exact}
        .scale{font-variant-numeric:tabular-nums;font-size:.84rem}
        .scale b{display:inline-block;min-width:2.3em;text-align:center;border-radius:0;margin:0}
        .scale span{margin-right:.6em}
        .items{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:1rem;margin-top:1rem}
        .item p{margin:.3rem 0 0;max-width:none}
        .item .question{color:var(--muted);font-size:.92rem;unicode-bidi:isolate;overflow-wrap:anywhere}
        .item .from{font-size:.78rem;color:var(--muted);margin:0;overflow-wrap:anywhere}
        .written{white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:isolate;background:var(--shade);border-radius:8px;padding:.6rem .75rem}
        .verdict{font-size:.9rem}
        .verdict strong{margin-right:.6rem}
        .right strong{color:var(--good)}
        .wrong strong{color:var(--bad)}
        .item.right{border-left:4px solid var(--good)}
        .item.wrong{border-left:4px solid var(--bad)}
        pre{background:var(--surface);border:1px solid var(--hair);border-radius:12px;padding:1rem 1.1rem;overflow-x:auto;font:13px/1.5 ui-monospace,"Cascadia Mono",Menlo,Consolas,"Liberation Mono",monospace}
        footer{margin-top:3rem;padding-top:1rem;padding-bottom:2rem;color:var(--muted);font-size:.84rem}
        #tip{position:fixed;inset:auto 0 1rem;margin:auto;width:fit-content;max-width:92vw;background:var(--ink);color:var(--page);border-radius:10px;padding:.5rem .9rem;font-size:.9rem;z-index:3}
        #tip[hidden]{display:none}
        .on-narrow{display:none}
        @media screen and (max-width:760px){
        body{font-size:15px}
        header,main,footer{padding-left:.9rem;padding-right:.9rem}
        .cards,.figures,.items{grid-template-columns:minmax(0,1fr)}
        .card,figure,.item{padding:.85rem .85rem}
        .chart{font-size:13px}
        .chart text.note{font-size:12px}
        .on-wide{display:none}
        .on-narrow{display:block}
        .scale b{min-width:1.9em;padding-left:0;padding-right:0}
        }
        @media print{
        @page{margin:14mm}
        html{font-size:10.5px}
        body{font-size:11.5px;background:none}
        .table{overflow:visible}
        th,td{padding:.2rem .5rem .2rem 0}
        section{margin-top:1.6rem}
        .cards,.figures,.items{gap:.6rem}
        .card,figure,.item{padding:.6rem .7rem}
        .heat{line-height:1.85}
        nav,button,#tip{display:none}
        header,main,footer{max-width:none;padding:0}
        .card,figure,.item,.callout{break-inside:avoid}
        h2,h3,h4{break-after:avoid}
        details::details-content{content-visibility:visible;display:block}
        pre{white-space:pre-wrap}
        }
        """;

    /// <summary>The whole sheet.</summary>
    public static string Text { get; } = Build();

    private static string Build()
    {
        var light = $"color-scheme:light;{LightColours}{HeatPalette.Declarations(dark: false)}";
        var dark = $"color-scheme:dark;{DarkColours}{HeatPalette.Declarations(dark: true)}";
        var levels = string.Concat(Enumerable.Range(0, HeatPalette.Levels).Select(level => $".h{ReportNumber.Count(level)}{{background:var(--h{ReportNumber.Count(level)});color:var(--i{ReportNumber.Count(level)})}}"));
        return string.Join(
            '\n',
            string.Empty,
            $":root{{{light}}}",
            $"@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=\"light\"]){{{dark}}}}}",
            $"@media screen{{:root[data-theme=\"dark\"]{{{dark}}}}}",
            Body,
            levels,
            string.Empty);
    }
}
