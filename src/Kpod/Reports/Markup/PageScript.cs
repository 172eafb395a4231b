namespace Kpod.Reports.Markup;

/// <summary>The page's script. Nothing needs it for reading: it switches the theme, shows a weight where one taps, and unfolds the tables for print.</summary>
internal static class PageScript
{
    /// <summary>The code; without the two characters that HTML and XML read differently inside a script.</summary>
    public const string Text = """

        (function () {
          'use strict';
          var root = document.documentElement, button = document.getElementById('theme'), key = 'kpod-theme';
          var system = matchMedia('(prefers-color-scheme: dark)');
          function isDark() { return root.dataset.theme ? root.dataset.theme === 'dark' : system.matches; }
          function label() { button.textContent = isDark() ? 'Light theme' : 'Dark theme'; }
          try {
            var saved = localStorage.getItem(key);
            if (saved === 'dark' || saved === 'light') { root.dataset.theme = saved; }
          } catch (error) { /* A browser may keep nothing for files; the system's theme serves. */ }
          button.hidden = false;
          button.addEventListener('click', function () {
            root.dataset.theme = isDark() ? 'light' : 'dark';
            try { localStorage.setItem(key, root.dataset.theme); } catch (error) { /* As above. */ }
            label();
          });
          system.addEventListener('change', label);
          label();

          var tip = document.createElement('div');
          tip.id = 'tip';
          tip.hidden = true;
          tip.setAttribute('role', 'status');
          document.body.appendChild(tip);
          document.addEventListener('click', function (event) {
            var mark = event.target.closest('.heat [title], .marks .bar, .marks .dot');
            var inner = mark ? mark.querySelector('title') : null;
            var text = mark ? (inner ? inner.textContent : mark.getAttribute('title')) : null;
            tip.hidden = !text;
            tip.textContent = text ? (inner ? text : '“' + mark.textContent + '” ' + text) : '';
          });

          var unfolded = [];
          addEventListener('beforeprint', function () {
            unfolded = Array.from(document.querySelectorAll('details:not([open])'));
            unfolded.forEach(function (details) { details.open = true; });
          });
          addEventListener('afterprint', function () {
            unfolded.forEach(function (details) { details.open = false; });
          });
        })();

        """;
}
