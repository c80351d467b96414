"""Our templates as Python. Made by ``python -m symbackprop.render.compiling``; not to be changed by hand."""

# ruff: noqa
# mypy: ignore-errors

from symbackprop.render.running import as_json, get, looped


def _beamer_tex(values, use):
    if values['cjk']:
        yield '% !TeX program = xelatex\n'
    if (get(values['words'], 'script') == 'han'):
        yield '\\documentclass[UTF8, fontset=fandol, 9pt, aspectratio=169]{ctexbeamer}\n'
    elif values['cjk']:
        yield '\\documentclass[9pt, aspectratio=169]{beamer}\n\\usepackage[UTF8, fontset=fandol, scheme=plain]{ctex}\n'
    else:
        yield '\\documentclass[9pt, aspectratio=169]{beamer}\n'
    yield '\\usefonttheme[onlymath]{serif}\n\\setbeamertemplate{navigation symbols}{}\n\\setbeamertemplate{footline}[frame number]\n\\setbeamersize{text margin left=8mm, text margin right=8mm}\n\\setcounter{MaxMatrixCols}{64}\n\\title{'
    yield str(values['title'])
    yield '}\n\\author{}\n\\date{}\n\\begin{document}\n\\begin{frame}\n\\titlepage\n\\end{frame}\n'
    for slide in values['slides']:
        yield '\n'
        head = values.get('head')
        if (not get(slide, 'blocks')):
            yield '\\section{'
            yield str(((str(get(get(slide, 'section'), 'number')) + '\\quad ') if get(get(slide, 'section'), 'number') else ''))
            yield str(get(get(slide, 'section'), 'text'))
            yield '}\n\\begin{frame}\n\\centering\\Large\\textbf{'
            yield str(((str(get(get(slide, 'section'), 'number')) + '\\quad ') if get(get(slide, 'section'), 'number') else ''))
            yield str(get(get(slide, 'section'), 'text'))
            yield '}\n\\end{frame}\n'
        else:
            head = (get(slide, 'heading') or get(slide, 'section'))
            yield '\\begin{frame}'
            if head:
                yield '{'
                yield str(((str(get(head, 'number')) + '\\quad ') if get(head, 'number') else ''))
                yield str(get(head, 'text'))
                yield '}'
            yield '\n'
            if get(slide, 'subtitle'):
                yield '\\framesubtitle{'
                yield str(((str(get(get(slide, 'subtitle'), 'number')) + ' ') if get(get(slide, 'subtitle'), 'number') else ''))
                yield str(get(get(slide, 'subtitle'), 'text'))
                yield '}\n'
            for block in get(slide, 'blocks'):
                if (get(block, 'kind') == 'equation'):
                    yield from use('blocks/equation.tex.j2')({**values, 'slide': slide, 'head': head, 'block': block}, use)
                    yield '\n'
                else:
                    yield '\\uncover<'
                    yield str(get(block, 'at'))
                    yield '->{%\n'
                    yield from use(('blocks/' + str(get(block, 'kind')) + '.tex.j2'))({**values, 'slide': slide, 'head': head, 'block': block}, use)
                    yield '}\n'
            yield '\\end{frame}\n'
    yield '\\end{document}\n'


def _blocks_bullets_html(values, use):
    yield '<ul'
    if get(values['block'], 'numbered'):
        yield ' class="questions"'
    yield '>\n'
    for loop1, item in looped(values['block']['items']):
        yield '<li>'
        if get(values['block'], 'numbered'):
            yield '('
            yield str(get(loop1, 'index'))
            yield ') '
        yield str(item)
        yield '</li>\n'
    yield '</ul>\n'


def _blocks_bullets_md(values, use):
    for loop1, item in looped(values['block']['items']):
        yield str(((str(get(loop1, 'index')) + '.') if get(values['block'], 'numbered') else '-'))
        yield ' '
        yield str(item)
        yield '\n'


def _blocks_bullets_tex(values, use):
    list_ = ('enumerate' if get(values['block'], 'numbered') else 'itemize')
    yield '\\begin{'
    yield str(list_)
    yield '}\n'
    for loop1, item in looped(values['block']['items']):
        yield '\\item'
        if get(values['block'], 'numbered'):
            yield '['
            yield str(('(%d)' % get(loop1, 'index')))
            yield ']'
        yield ' '
        yield str(item)
        yield '\n'
    yield '\\end{'
    yield str(list_)
    yield '}\n'


def _blocks_bullets_typ(values, use):
    if get(values['block'], 'numbered'):
        yield '#block(breakable: false, enum(numbering: "(1)", '
        for item in values['block']['items']:
            yield '['
            yield str(item)
            yield '], '
        yield '))\n'
    else:
        for item in values['block']['items']:
            yield '- '
            yield str(item)
            yield '\n'


def _blocks_equation_html(values, use):
    yield '<div class="equation">\n<div class="wide"><math display="block"><semantics><mtable class="lines" displaystyle="true">\n'
    yield str('\n'.join(map(str, get(values['block'], 'rows'))))
    yield '\n</mtable><annotation encoding="application/x-tex">'
    yield str(get(values['block'], 'latex'))
    yield '</annotation></semantics></math></div>\n<button type="button" class="copy" hidden="" aria-label="'
    yield str(get(values['words'], 'copy'))
    yield '">LaTeX</button>\n</div>\n'


def _blocks_equation_md(values, use):
    yield '$$\n\\begin{aligned}\n'
    yield str(' \\\\\n'.join(map(str, get(values['block'], 'rows'))))
    yield '\n\\end{aligned}\n$$\n'


def _blocks_equation_myst(values, use):
    yield '```{math}\n\\begin{aligned}\n'
    yield str(' \\\\\n'.join(map(str, get(values['block'], 'rows'))))
    yield '\n\\end{aligned}\n```\n'


def _blocks_equation_tex(values, use):
    labelled = (values['fragment'] and get(values['block'], 'label'))
    yield '\\begin{align'
    yield str(('' if labelled else '*'))
    yield '}\n'
    for loop1, row in looped(get(values['block'], 'rows')):
        yield str(row)
        if labelled:
            yield str(((' \\label{\\backpropprefix ' + str(get(values['block'], 'label')) + '}') if get(loop1, 'first') else ' \\nonumber'))
        if (not get(loop1, 'last')):
            yield ' \\\\'
            yield str(('' if ((get(values['block'], 'breakable') and (not get(loop1, 'first'))) and (get(loop1, 'revindex') > 2)) else '*'))
            yield '[4pt]'
        yield '\n'
    yield '\\end{align'
    yield str(('' if labelled else '*'))
    yield '}\n'


def _blocks_equation_typ(values, use):
    if get(values['block'], 'breakable'):
        yield '#chain('
        for (left, right) in get(values['block'], 'sides'):
            yield '(['
            if left:
                yield '$display('
                yield str(left)
                yield ')$'
            yield '], $display('
            yield str(right)
            yield ')$), '
        yield ')\n'
    else:
        yield '$ '
        yield str(' \\\n'.join(map(str, get(values['block'], 'rows'))))
        yield ' $\n'


def _blocks_figure_html(values, use):
    yield '<figure>\n<div class="wide drawing">'
    yield str(get(values['block'], 'svg'))
    yield '</div>\n<figcaption><strong>'
    yield str(get(values['block'], 'label'))
    yield str(get(values['words'], 'label_end'))
    yield '</strong> '
    yield str(get(values['block'], 'caption'))
    yield '</figcaption>\n</figure>\n'


def _blocks_figure_md(values, use):
    yield '!['
    yield str(get(values['block'], 'alt'))
    yield ']('
    yield str(get(values['block'], 'path'))
    yield ')\n\n*'
    yield str(get(values['block'], 'label'))
    yield str(get(values['words'], 'label_end'))
    yield '* '
    yield str(get(values['block'], 'caption'))
    yield '\n'


def _blocks_figure_myst(values, use):
    yield '```{figure} '
    yield str(get(values['block'], 'path'))
    yield '\n:alt: '
    yield str(get(values['block'], 'alt'))
    yield '\n\n'
    yield str(get(values['block'], 'label'))
    yield str(get(values['words'], 'label_end'))
    yield ' '
    yield str(get(values['block'], 'caption'))
    yield '\n```\n'


def _blocks_figure_tex(values, use):
    yield '\\IfFileExists{'
    yield str(get(values['block'], 'path'))
    yield '}{%\n\\begin{center}\n\\includegraphics[page='
    yield str(get(values['block'], 'page'))
    yield ', width='
    if values['fragment']:
        yield '\\ifdim'
        yield str(get(values['block'], 'millimetres'))
        yield 'mm>\\linewidth\\linewidth\\else'
        yield str(get(values['block'], 'millimetres'))
        yield 'mm\\fi'
    else:
        yield str(get(values['block'], 'millimetres'))
        yield 'mm'
    yield ']{'
    yield str(get(values['block'], 'path'))
    yield '}\\\\[4pt]\n\\parbox{0.9\\linewidth}{\\small\\textbf{'
    yield str(get(values['block'], 'label'))
    yield str(get(values['words'], 'label_end'))
    yield '} '
    yield str(get(values['block'], 'caption'))
    yield '}\n\\end{center}}{}\n'


def _blocks_figure_typ(values, use):
    yield '#drawing('
    yield str(get(values['block'], 'source'))
    yield ', '
    yield str(get(values['block'], 'millimetres'))
    yield 'mm, '
    yield str(get(values['block'], 'alt'))
    yield ', ['
    yield str(get(values['block'], 'label'))
    yield str(get(values['words'], 'label_end'))
    yield '])['
    yield str(get(values['block'], 'caption'))
    yield ']\n'


def _blocks_heading_html(values, use):
    yield str(('</details></section>' * get(values['block'], 'closes')))
    yield '\n'
    if get(values['block'], 'folds'):
        yield '<section id="'
        yield str(get(values['block'], 'id'))
        yield '">\n<details open="">\n<summary><h'
        yield str(get(values['block'], 'rank'))
        yield '>'
        if get(values['block'], 'number'):
            yield '<span class="number">'
            yield str(get(values['block'], 'number'))
            yield '</span> '
        yield str(get(values['block'], 'text'))
        yield '</h'
        yield str(get(values['block'], 'rank'))
        yield '></summary>\n'
    else:
        yield '<h'
        yield str(get(values['block'], 'rank'))
        yield '>'
        if get(values['block'], 'number'):
            yield '<span class="number">'
            yield str(get(values['block'], 'number'))
            yield '</span> '
        yield str(get(values['block'], 'text'))
        yield '</h'
        yield str(get(values['block'], 'rank'))
        yield '>\n'


def _blocks_heading_md(values, use):
    yield str(('#' * (get(values['block'], 'level') + 1)))
    yield ' '
    yield str(((str(get(values['block'], 'number')) + ' ') if get(values['block'], 'number') else ''))
    yield str(get(values['block'], 'text'))
    yield '\n'


def _blocks_heading_tex(values, use):
    if values['fragment']:
        yield '\\'
        yield str(('sub' * (get(values['block'], 'level') - 1)))
        yield 'section{'
        yield str(get(values['block'], 'text'))
        yield '}\n'
    else:
        yield '\\'
        yield str(('sub' * (get(values['block'], 'level') - 1)))
        yield 'section*{'
        yield str(((str(get(values['block'], 'number')) + '\\quad ') if get(values['block'], 'number') else ''))
        yield str(get(values['block'], 'text'))
        yield '}\n'
        if (get(values['layout'], 'toc') and (get(values['block'], 'level') < 3)):
            yield '\\addcontentsline{toc}{'
            yield str(('sub' * (get(values['block'], 'level') - 1)))
            yield 'section}{'
            yield str(((str(get(values['block'], 'number')) + '\\quad ') if get(values['block'], 'number') else ''))
            yield str(get(values['block'], 'text'))
            yield '}\n'


def _blocks_heading_typ(values, use):
    yield '#heading(level: '
    yield str(get(values['block'], 'level'))
    yield ')['
    if get(values['block'], 'number'):
        yield str(get(values['block'], 'number'))
        yield ' #h(0.45em)'
    yield str(get(values['block'], 'text'))
    yield ']\n'


def _blocks_paragraph_html(values, use):
    yield '<p'
    if get(values['block'], 'introduces'):
        yield ' class="introduces"'
    yield '>'
    yield str(get(values['block'], 'text'))
    yield '</p>\n'


def _blocks_paragraph_md(values, use):
    yield str(get(values['block'], 'text'))
    yield '\n'


def _blocks_paragraph_tex(values, use):
    yield str(get(values['block'], 'text'))
    yield '\n'
    if get(values['block'], 'introduces'):
        yield '\\nopagebreak\n'


def _blocks_paragraph_typ(values, use):
    if get(values['block'], 'introduces'):
        yield '#block(sticky: true)['
        yield str(get(values['block'], 'text'))
        yield ']\n'
    else:
        yield str(get(values['block'], 'text'))
        yield '\n'


def _blocks_remark_html(values, use):
    yield '<p class="remark"><strong>'
    yield str(get(values['block'], 'label'))
    yield str(get(values['words'], 'label_end'))
    yield '</strong> '
    yield str(get(values['block'], 'text'))
    yield '</p>\n'


def _blocks_remark_md(values, use):
    yield '> **'
    yield str(get(values['block'], 'label'))
    yield str(get(values['words'], 'label_end'))
    yield '** '
    yield str(get(values['block'], 'text'))
    yield '\n'


def _blocks_remark_myst(values, use):
    yield '```{admonition} '
    yield str(get(values['block'], 'label'))
    yield '\n:class: warning\n\n'
    yield str(get(values['block'], 'text'))
    yield '\n```\n'


def _blocks_remark_tex(values, use):
    yield '\\par\\medskip\\noindent\\hspace*{1em}\\hbox{\\vrule width 1pt\\hspace{0.8em}\\parbox{\\dimexpr\\linewidth-3em\\relax}{\\textbf{'
    yield str(get(values['block'], 'label'))
    yield str(get(values['words'], 'label_end'))
    yield '} '
    yield str(get(values['block'], 'text'))
    yield '}}\\par\\medskip\n'


def _blocks_remark_typ(values, use):
    yield '#remark(['
    yield str(get(values['block'], 'label'))
    yield str(get(values['words'], 'label_end'))
    yield '])['
    yield str(get(values['block'], 'text'))
    yield ']\n'


def _blocks_table_html(values, use):
    yield '<div class="wide"><table>\n<thead><tr>'
    for loop1, cell in looped(get(values['block'], 'header')):
        yield '<th scope="col" class="'
        yield str(get(values['block'], 'align')[get(loop1, 'index0')])
        yield '">'
        yield str(cell)
        yield '</th>'
    yield '</tr></thead>\n<tbody>\n'
    for loop1, row in looped(get(values['block'], 'rows')):
        yield '<tr>'
        for loop2, cell in looped(row):
            yield '<td class="'
            yield str(get(values['block'], 'align')[get(loop2, 'index0')])
            if (cell in get(values['block'], 'short')):
                yield ' short'
            yield '">'
            yield str(cell)
            yield '</td>'
        yield '</tr>\n'
    yield '</tbody>\n</table></div>\n'


def _blocks_table_md(values, use):
    yield '| '
    yield str(' | '.join(map(str, get(values['block'], 'header'))))
    yield ' |\n|'
    for a in get(values['block'], 'align'):
        yield str({'l': ':--', 'c': ':-:', 'r': '--:'}[a])
        yield '|'
    yield '\n'
    for row in get(values['block'], 'rows'):
        yield '| '
        yield str(' | '.join(map(str, row)))
        yield ' |\n'


def _blocks_table_tex(values, use):
    yield '\\begin{center}\n\\renewcommand{\\arraystretch}{1.3}\n\\begin{tabular}{'
    if get(values['block'], 'widths'):
        for w in get(values['block'], 'widths'):
            yield 'p{'
            yield str(w)
            yield 'em}'
    else:
        yield str(get(values['block'], 'align'))
    yield '}\n\\hline\n'
    yield str(' & '.join(map(str, get(values['block'], 'header'))))
    yield ' \\\\\n\\hline\n'
    for row in get(values['block'], 'rows'):
        yield str(' & '.join(map(str, row)))
        yield ' \\\\\n'
    yield '\\hline\n\\end{tabular}\n\\end{center}\n'


def _blocks_table_typ(values, use):
    yield '#align(center, block(breakable: '
    yield str(('false' if (len(get(values['block'], 'rows')) <= 20) else 'true'))
    yield ', table(\n  columns: '
    yield str(len(get(values['block'], 'align')))
    yield ', stroke: none, inset: (x: 0.6em, y: 0.45em),\n  align: ('
    for a in get(values['block'], 'align'):
        yield str({'l': 'left', 'c': 'center', 'r': 'right'}[a])
        yield ', '
    yield '),\n  table.header(\n    table.hline(stroke: 0.8pt),\n'
    for cell in get(values['block'], 'header'):
        yield '['
        yield str(cell)
        yield '], '
    yield '\n    table.hline(stroke: 0.5pt),\n  ),\n'
    for row in get(values['block'], 'rows'):
        for cell in row:
            yield '['
            yield str(cell)
            yield '], '
        yield '\n'
    yield '  table.hline(stroke: 0.8pt),\n)))\n'


def _cell_md(values, use):
    if values['title']:
        yield '# '
        yield str(values['title'])
        yield '\n\n'
    for block in values['blocks']:
        yield from use(('blocks/' + str(get(block, 'kind')) + '.md.j2'))({**values, 'block': block}, use)
        yield '\n'


def _chain_typ(values, use):
    yield '// An equation that may be broken between its lines, though not after one that begins, nor before the last.\n#let chain(..lines, side: center, gap: 0.75em, around: 1.1em) = context {\n  set par(leading: 0pt)  // else lines may reach into each other by so much\n  let (lefts, rights) = (0, 1).map(side => lines.pos().map(line => line.at(side)))\n  let (left, right) = (lefts, rights).map(parts => calc.max(..parts.map(part => measure(part).width)))\n  let last = lines.pos().len() - 1\n  for (k, line) in lines.pos().enumerate() {\n    block(sticky: line.at(0) != [] or k == last - 1, above: if k == 0 { around } else { gap }, below: if k == last { around } else { gap },\n      width: 100%, align(side, box(width: left, align(end, line.at(0))) + h(0.28em) + box(width: right, align(start, line.at(1)))))\n  }\n}\n'


def _fragment_tex(values, use):
    if values['fragment']:
        yield '\\providecommand{\\backpropprefix}{eq:}\n'
    yield '\\setcounter{MaxMatrixCols}{64}\n\\allowdisplaybreaks[2]\n\\widowpenalty=10000\n\\clubpenalty=10000\n\\sloppy\n'
    for block in values['blocks']:
        yield from use(('blocks/' + str(get(block, 'kind')) + '.tex.j2'))({**values, 'block': block}, use)
        yield '\n'


def _page_html(values, use):
    yield '<!DOCTYPE html>\n<html lang="'
    yield str(get(values['words'], 'html'))
    yield '">\n<head>\n<meta charset="utf-8"/>\n<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \''
    yield str(values['style_hash'])
    yield "'; script-src '"
    yield str(values['script_hash'])
    yield '\'; font-src data:; base-uri \'none\'; form-action \'none\'"/>\n<meta name="viewport" content="width=device-width, initial-scale=1"/>\n<meta name="color-scheme" content="light dark"/>\n<title>'
    yield str(values['title'])
    yield '</title>\n<style>'
    yield str(values['style'])
    yield '</style>\n</head>\n<body>\n<a class="skip" href="#main">'
    yield str(get(values['words'], 'html_page_skip'))
    yield '</a>\n<header><h1>'
    yield str(values['title'])
    yield '</h1></header>\n<nav aria-label="'
    yield str(get(values['words'], 'html_page_contents'))
    yield '">\n<details open="">\n<summary>'
    yield str(get(values['words'], 'html_page_contents'))
    yield '</summary>\n<ul>\n'
    for entry in values['contents']:
        yield '<li class="level'
        yield str(get(entry, 'level'))
        yield '"><a href="#'
        yield str(get(entry, 'id'))
        yield '">'
        if get(entry, 'number'):
            yield '<span class="number">'
            yield str(get(entry, 'number'))
            yield '</span> '
        yield str(get(entry, 'text'))
        yield '</a></li>\n'
    yield '</ul>\n<button type="button" id="fold" aria-pressed="false" hidden="">'
    yield str(get(values['words'], 'html_page_fold'))
    yield '</button>\n'
    if values['answers']:
        yield '<p class="colours"><span class="f">'
        yield str(get(values['words'], 'forward'))
        yield '</span> <span class="b">'
        yield str(get(values['words'], 'backward'))
        yield '</span> <span class="p">'
        yield str(get(values['words'], 'parameter'))
        yield '</span></p>\n<p class="hint">'
        yield str(get(values['words'], 'html_page_ask'))
        yield ' <span id="keys">'
        yield str(get(values['words'], 'html_page_arrows'))
        yield '</span></p>\n'
    yield '</details>\n</nav>\n<main id="main" tabindex="-1">\n'
    for block in values['blocks']:
        yield from use(('blocks/' + str(get(block, 'kind')) + '.html.j2'))({**values, 'block': block}, use)
        yield '\n'
    yield str(('</details></section>' * values['open_sections']))
    yield '\n</main>\n<p id="status" class="skip" role="status" data-copied="'
    yield str(get(values['words'], 'html_page_copied'))
    yield '"></p>\n<div id="key" aria-hidden="true" hidden=""><span class="same">'
    yield str(get(values['words'], 'html_page_same'))
    yield '</span> <span class="from">'
    yield str(get(values['words'], 'html_page_from'))
    yield '</span> <span class="to">'
    yield str(get(values['words'], 'html_page_to'))
    yield '</span></div>\n<dialog id="answer" aria-labelledby="answer-name" data-next="'
    yield str(get(values['words'], 'html_page_next'))
    yield '" data-given="'
    yield str(get(values['words'], 'html_page_given'))
    yield '" data-formula="'
    yield str(get(values['words'], 'html_page_formula'))
    yield '">\n<div class="bar"><h2 id="answer-name"></h2><button type="button" id="answer-back" hidden="">'
    yield str(get(values['words'], 'html_page_back'))
    yield '</button><button type="button" id="answer-close">'
    yield str(get(values['words'], 'html_page_close'))
    yield '</button></div>\n<p><code id="answer-address"></code></p>\n<div id="answer-body"></div>\n</dialog>\n'
    if values['answers']:
        yield '<script type="application/json" id="answers" data-shown="'
        yield str(values['shown'])
        yield '">'
        yield str(values['answers'])
        yield '</script>\n'
    yield '<script>'
    yield str(values['script'])
    yield '</script>\n</body>\n</html>\n'


def _page_md(values, use):
    yield '# '
    yield str(values['title'])
    yield '\n\n'
    for block in values['blocks']:
        yield from use(('blocks/' + str(get(block, 'kind')) + '.md.j2'))({**values, 'block': block}, use)
        yield '\n'


def _page_myst(values, use):
    yield '# '
    yield str(values['title'])
    yield '\n\n'
    for block in values['blocks']:
        yield from use(('blocks/' + str(get(block, 'kind')) + '.myst.j2'), ('blocks/' + str(get(block, 'kind')) + '.md.j2'))({**values, 'block': block}, use)
        yield '\n'


def _page_tex(values, use):
    if values['cjk']:
        yield '% !TeX program = xelatex\n'
    if (get(values['words'], 'script') == 'han'):
        yield '\\documentclass[UTF8, fontset=fandol, zihao=5, '
        yield str(get(values['layout'], 'paper'))
        yield 'paper]{ctexart}\n'
    elif values['cjk']:
        yield '\\documentclass[11pt, '
        yield str(get(values['layout'], 'paper'))
        yield 'paper]{article}\n\\usepackage[UTF8, fontset=fandol, scheme=plain]{ctex}\n'
    else:
        yield '\\documentclass[11pt, '
        yield str(get(values['layout'], 'paper'))
        yield 'paper]{article}\n'
    yield '\\usepackage{amsmath}\n'
    if get(values['layout'], 'family'):
        yield '\\usepackage{fontspec}\n\\setmainfont{'
        yield str(get(values['layout'], 'family'))
        yield '}\n'
    if values['figures']:
        yield '\\usepackage{graphicx}\n'
    yield '\\setlength{\\textwidth}{160mm}\n\\setlength{\\textheight}{'
    yield str(get(values['layout'], 'tex_height'))
    yield 'mm}\n'
    if ((values['wider'] or values['taller']) or (get(values['layout'], 'paper') != 'a4')):
        yield '\\addtolength{\\textwidth}{'
        yield str(values['wider'])
        yield 'pt}\n\\addtolength{\\paperwidth}{'
        yield str(values['wider'])
        yield 'pt}\n\\addtolength{\\textheight}{'
        yield str(values['taller'])
        yield 'pt}\n\\addtolength{\\paperheight}{'
        yield str(values['taller'])
        yield 'pt}\n\\ifdefined\\pdfpagewidth\\pdfpagewidth=\\paperwidth\\pdfpageheight=\\paperheight\\fi\n\\ifdefined\\pagewidth\\pagewidth=\\paperwidth\\pageheight=\\paperheight\\fi\n'
    yield '\\setlength{\\oddsidemargin}{'
    yield str(get(values['layout'], 'tex_margin'))
    yield 'mm}\n\\setlength{\\topmargin}{-12mm}\n\\setlength{\\headheight}{5mm}\n\\setlength{\\headsep}{0mm}\n\\raggedbottom\n\\pagestyle{plain}\n\\title{'
    yield str(values['title'])
    yield '}\n\\author{}\n\\date{}\n\\begin{document}\n\\maketitle\n'
    if get(values['layout'], 'toc'):
        yield '\\tableofcontents\n'
    yield from use('fragment.tex.j2')({**values}, use)
    yield '\\end{document}\n'


def _page_typ(values, use):
    yield '#set document(title: ['
    yield str(values['title'])
    yield '])\n#set page(width: '
    yield str(get(values['layout'], 'width'))
    yield 'mm'
    if values['wider']:
        yield ' + '
        yield str(values['wider'])
        yield 'pt'
    yield ', height: '
    yield str(get(values['layout'], 'height'))
    yield 'mm'
    if values['taller']:
        yield ' + '
        yield str(values['taller'])
        yield 'pt'
    yield ', margin: (x: '
    yield str(get(values['layout'], 'margin'))
    yield 'mm, top: 25mm, bottom: 27mm), numbering: "1")\n#set text(font: ('
    if get(values['layout'], 'family'):
        yield str(as_json(get(values['layout'], 'family')))
        yield ', '
    yield '"Libertinus Serif"'
    if values['cjk']:
        yield ', "Noto Serif SC"'
    yield '), size: 11pt, '
    yield str(get(values['words'], 'typst'))
    yield ')\n#set par(justify: true, leading: '
    yield str(('0.85em' if (get(values['words'], 'script') == 'han') else '0.68em'))
    yield ', spacing: 1.1em)\n#show table: set par(justify: false)\n#show math.equation: set text(font: ("New Computer Modern Math"'
    if values['cjk']:
        yield ', "Noto Serif SC"'
    yield '))\n#show math.equation.where(block: true): set block(breakable: false, above: 1.1em, below: 1.1em)\n#show math.equation.where(block: true): set par(leading: 0.75em)\n'
    if values['cjk']:
        yield '#show strong: set text(font: ("Libertinus Serif", "Noto Sans SC"))\n#show emph: set text(font: ("Libertinus Serif", "Noto Sans SC"), style: "'
        yield str(('normal' if (get(values['words'], 'script') == 'han') else 'italic'))
        yield '")\n#show heading: set text(font: ("Libertinus Serif", "Noto Sans SC"))\n'
    yield '#show heading: set block(above: 1.5em, below: 0.9em, sticky: true)\n#show heading.where(level: 1): set text(size: 15pt)\n#show heading.where(level: 2): set text(size: 12.5pt)\n#show heading.where(level: 3): set text(size: 11pt)\n#let remark(label, body) = block(\n  inset: (left: 0.9em, y: 0.25em), stroke: (left: 1.2pt + luma(150)), above: 1.1em, below: 1.1em,\n  [#strong(label) #body],\n)\n'
    yield from use('chain.typ.j2')({**values}, use)
    if values['figures']:
        yield '#let drawing(source, width, alt, label, body) = align(center, block(breakable: false, above: 1.4em, below: 1.4em)[\n  #image(source, format: "svg", width: width, alt: alt)\n  #block(width: 90%, above: 0.8em)[#set text(size: 9.5pt)\n    #set par(justify: false)\n    #strong(label) #body]\n])\n'
    if values['coloured']:
        yield '#let forward = text.with(fill: rgb("#005a8f"))\n#let backward = text.with(fill: rgb("#a84300"))\n#let parameter = text.with(fill: rgb("#00654b"))\n'
    yield '#align(center, block(above: 0em, below: 2.5em, text(size: 18pt'
    if values['cjk']:
        yield ', font: ("Libertinus Serif", "Noto Sans SC")'
    yield ')['
    yield str(values['title'])
    yield ']))\n'
    if values['coloured']:
        yield '#place(center, dy: -1.7em, text(size: 9.5pt)[#forward['
        yield str(get(values['words'], 'forward'))
        yield '] #h(1.2em) #backward['
        yield str(get(values['words'], 'backward'))
        yield '] #h(1.2em) #parameter['
        yield str(get(values['words'], 'parameter'))
        yield ']])\n'
    if get(values['layout'], 'toc'):
        yield '#outline(depth: 2, indent: 1.2em)\n'
    yield '\n'
    for block in values['blocks']:
        yield from use(('blocks/' + str(get(block, 'kind')) + '.typ.j2'))({**values, 'block': block}, use)
        yield '\n'


def _slides_typ(values, use):
    yield '#set document(title: ['
    yield str(values['title'])
    yield '])\n#set page(width: 254mm, height: 142.9mm, margin: (x: 12mm, top: 12mm, bottom: 10mm), footer: align(right, text(size: 9pt, fill: luma(110), context counter(page).display())))\n#set text(font: ("Libertinus Serif"'
    if values['cjk']:
        yield ', "Noto Serif SC"'
    yield '), size: 15.5pt, '
    yield str(get(values['words'], 'typst'))
    yield ')\n#set par(justify: false, leading: '
    yield str(('0.75em' if (get(values['words'], 'script') == 'han') else '0.6em'))
    yield ', spacing: 0.9em)\n#show math.equation: set text(font: ("New Computer Modern Math"'
    if values['cjk']:
        yield ', "Noto Serif SC"'
    yield '))\n#show math.equation.where(block: true): set align(left)\n#show math.equation.where(block: true): set block(breakable: true, above: 0.8em, below: 0.8em, inset: (left: 1em))\n#show math.equation.where(block: true): set par(leading: 0.6em)\n'
    if values['cjk']:
        yield '#show strong: set text(font: ("Libertinus Serif", "Noto Sans SC"))\n#show emph: set text(font: ("Libertinus Serif", "Noto Sans SC"), style: "'
        yield str(('normal' if (get(values['words'], 'script') == 'han') else 'italic'))
        yield '")\n#show heading: set text(font: ("Libertinus Serif", "Noto Sans SC"))\n'
    yield '#show heading: set block(above: 0em, below: 0.5em)\n#let remark(label, body) = block(\n  inset: (left: 0.9em, y: 0.25em), stroke: (left: 1.5pt + luma(150)),\n  [#strong(label) #body],\n)\n#let drawing(svg, width, alt, label, body) = align(center)[\n  #image(bytes(svg), format: "svg", width: 100%, height: 88mm, fit: "contain", alt: alt)\n  #text(size: 11pt)[#strong(label) #body]\n]\n'
    yield from use('chain.typ.j2')({**values}, use)
    yield '#let chain = chain.with(side: left, gap: 0.6em, around: 0.8em)\n#let name(number, body) = [#if number != "" [#number#h(0.6em)]#body]\n\n#let forward = text.with(fill: rgb("#005a8f"))\n#let backward = text.with(fill: rgb("#a84300"))\n#let parameter = text.with(fill: rgb("#00654b"))\n#align(center + horizon)[\n  #text(size: 30pt'
    if values['cjk']:
        yield ', font: ("Libertinus Serif", "Noto Sans SC")'
    yield ')['
    yield str(values['title'])
    yield ']\n\n  #forward['
    yield str(get(values['words'], 'forward'))
    yield '] #h(1.2em) #backward['
    yield str(get(values['words'], 'backward'))
    yield '] #h(1.2em) #parameter['
    yield str(get(values['words'], 'parameter'))
    yield ']\n]\n'
    for slide in values['slides']:
        yield '#pagebreak()\n'
        head = values.get('head')
        if (not get(slide, 'blocks')):
            if get(slide, 'section'):
                yield '#align(horizon, heading(level: 1, text(size: 26pt)['
                if get(get(slide, 'section'), 'number'):
                    yield str(get(get(slide, 'section'), 'number'))
                    yield ' #h(0.35em)'
                yield str(get(get(slide, 'section'), 'text'))
                yield ']))\n'
        else:
            head = (get(slide, 'heading') or get(slide, 'section'))
            if head:
                yield '#block(below: 0.9em, width: 100%, stroke: (bottom: 0.8pt + rgb("#0072B2")), inset: (bottom: 0.35em))[\n'
                if (get(slide, 'first') and get(slide, 'heading')):
                    yield '  #heading(level: 2, text(size: 17pt)['
                    if get(head, 'number'):
                        yield str(get(head, 'number'))
                        yield ' #h(0.35em)'
                    yield str(get(head, 'text'))
                    if get(slide, 'subtitle'):
                        yield '#h(0.8em)#text(size: 13pt, weight: "regular")['
                        yield str(get(get(slide, 'subtitle'), 'number'))
                        yield ' '
                        yield str(get(get(slide, 'subtitle'), 'text'))
                        yield ']'
                    yield '])\n'
                else:
                    yield '  #text(size: 17pt, weight: "bold"'
                    if values['cjk']:
                        yield ', font: ("Libertinus Serif", "Noto Sans SC")'
                    yield ')['
                    if get(head, 'number'):
                        yield str(get(head, 'number'))
                        yield ' #h(0.35em)'
                    yield str(get(head, 'text'))
                    if get(slide, 'subtitle'):
                        yield '#h(0.8em)#text(size: 13pt, weight: "regular")['
                        yield str(get(get(slide, 'subtitle'), 'number'))
                        yield ' '
                        yield str(get(get(slide, 'subtitle'), 'text'))
                        yield ']'
                    yield ']\n'
                yield ']\n'
            for block in get(slide, 'blocks'):
                yield from use(('blocks/' + str(get(block, 'kind')) + '.typ.j2'))({**values, 'slide': slide, 'head': head, 'block': block}, use)
                yield '\n'


TEMPLATES = {
    "beamer.tex.j2": ("ef41370cd0c825c056360419ee5c2f74afc4ce9861653ca7a51e0ab52d39dcda", _beamer_tex),
    "blocks/bullets.html.j2": ("4b98e26ed651bfd0764b20457ebc47192dcbe8f81138c08cd88ad3cb378fe8e3", _blocks_bullets_html),
    "blocks/bullets.md.j2": ("94a2b65c0d26845ae3f3413601bf51446446aec96a4828fddb43fb090513131a", _blocks_bullets_md),
    "blocks/bullets.tex.j2": ("aa959c8480e4e08e5dcbd8dffb2598244bc9441c427976b620a8cef6c5c9b4c0", _blocks_bullets_tex),
    "blocks/bullets.typ.j2": ("ce0d4f78c4e4e9fe7937070b8a73b07ae975617f8d4c6710dce88479cfc85b47", _blocks_bullets_typ),
    "blocks/equation.html.j2": ("0e897198b1f05169f8b21ff4c1f182b1b537574d819e12b9c88f7b921258d62c", _blocks_equation_html),
    "blocks/equation.md.j2": ("2a2260150faea3103b90a8cd334ed75e66d3770a8350c94308316c2088ee38a5", _blocks_equation_md),
    "blocks/equation.myst.j2": ("4786ccfabd533efaf8a402ea1c6e8adca2883a7273932a18a461b0ccda6f794a", _blocks_equation_myst),
    "blocks/equation.tex.j2": ("02a3d0694240c08a80f5274741db9fd854811274fc47c19c15136f7410356dd0", _blocks_equation_tex),
    "blocks/equation.typ.j2": ("0adfb803530283de0d41efd6a6a230d3a6116106c917bea1e664154980a83f0a", _blocks_equation_typ),
    "blocks/figure.html.j2": ("0adbccad70163e12e19a7188a3e9d36d1e1087636792c54a2e9e5c7c8bbe6bf5", _blocks_figure_html),
    "blocks/figure.md.j2": ("e3b57332154278d150d07e0675080a072e418d8294f34d0225b055e9531b016e", _blocks_figure_md),
    "blocks/figure.myst.j2": ("a40bef912d8dbe5881cb0ae6dee0c26e91555fe25dc5948023ec8ce62908081b", _blocks_figure_myst),
    "blocks/figure.tex.j2": ("dc8df4ae50588a98621eeeeace3a0978f295386eea7ab4f6171b33a7066ecd54", _blocks_figure_tex),
    "blocks/figure.typ.j2": ("39000b9b70ad846ce8e634899d3e9d62b61fee31aa9a98d567c6122b791f5f19", _blocks_figure_typ),
    "blocks/heading.html.j2": ("cdce5a6a11f1b8ff6934dd2f81c7c91d083b732dbf2b7ee15e3526b632095cca", _blocks_heading_html),
    "blocks/heading.md.j2": ("00507db4203b5db36abe0b4e62dd3b0c367fe5b41adba83103b76d674872189a", _blocks_heading_md),
    "blocks/heading.tex.j2": ("329f285e91948602050bed66ee6006aef5dc59de934bce1d97195ab2c0c9a2ab", _blocks_heading_tex),
    "blocks/heading.typ.j2": ("c0ea386bb41860ce83653ba43a10d43f0ce8a9c041ac385e7426df0d6790f6d9", _blocks_heading_typ),
    "blocks/paragraph.html.j2": ("8480300c16d2826ec5fb00eb045b2abf6da5e3b3d102d4bdd5ece459581e40f2", _blocks_paragraph_html),
    "blocks/paragraph.md.j2": ("9f37004eb964eee18a014ca3b694815a268724455301e460589a9fd3922b2b07", _blocks_paragraph_md),
    "blocks/paragraph.tex.j2": ("8979e24b70e1c17ffbd1fd18931db3064cf9c82717f518bae974f7c1ab38ed7a", _blocks_paragraph_tex),
    "blocks/paragraph.typ.j2": ("01c760e7944e7d7e62398c9772cac09a68fb1f71e0ade87fd5e094c6e95bd14b", _blocks_paragraph_typ),
    "blocks/remark.html.j2": ("54bc24fe84ccbfd112cd44cd24d0c7cd9bb20230b0cdb6f112ae9469734b76d6", _blocks_remark_html),
    "blocks/remark.md.j2": ("7f8e23d9f10404ae063766309cb764dce737ff9c5d09c344bbaf8b6053b27716", _blocks_remark_md),
    "blocks/remark.myst.j2": ("d0206a2ff2e11490f3f55313f6f2819f403472c3f67095d61e25f9594af3bc02", _blocks_remark_myst),
    "blocks/remark.tex.j2": ("21e1773c1b9e15d8033a1f935d2631cf9ec776ed27c4ce41b0ba2007c7ab403b", _blocks_remark_tex),
    "blocks/remark.typ.j2": ("b8089dce54257b7d6bccee18eed8577b57e747b80c6148cd85780d70a8d06943", _blocks_remark_typ),
    "blocks/table.html.j2": ("8c70b3e9fde117d13b951e64456a14cef3a0c40ebf9ba9dbe597a829808b6960", _blocks_table_html),
    "blocks/table.md.j2": ("c61a325af48c48d22c33dd9c31825718a145f8fc5c161f6a0bbd2a4315aa6263", _blocks_table_md),
    "blocks/table.tex.j2": ("bfcc99ee61c106d3b21fb6afb6cc5666d90b4ac212f179978ca4950ed1ff70d5", _blocks_table_tex),
    "blocks/table.typ.j2": ("127444db7ba9791df21174c318ab936f0dbb85d50e71feb53cbe98d2119983eb", _blocks_table_typ),
    "cell.md.j2": ("46ac84a9e947ba7f2b94b3fd4cdffab39477fc611998dc4804114bdd387bdf5d", _cell_md),
    "chain.typ.j2": ("682ed9298da502fd52cda6d2995eb884cb0288b628694ad77a6a62a48e163228", _chain_typ),
    "fragment.tex.j2": ("b1144a62701f811a1930c869f79a892bcc8ea648dad195f9fcd05a366ae3f7a0", _fragment_tex),
    "page.html.j2": ("5a0631f12619cebb328f23d6ae5487a4f19b94da2209aa1fb0041ef12f86123e", _page_html),
    "page.md.j2": ("798cdf7ee4a658daf01855189d4b6e5da5efbafccb7ef6177f7f479a2e5682cf", _page_md),
    "page.myst.j2": ("49dd41a99b206615103e1fb5cbf5af03e539f3da6b5ab5ca47a22abcc298a9ff", _page_myst),
    "page.tex.j2": ("4e86a9a4cbe2ef3cf1296d74f907b33acc2e921e07b50c19279f70beac23772f", _page_tex),
    "page.typ.j2": ("38d66243e98735152dc27352c67b58ee7918d1d8dc9538ec2a75fc7ee3c38e44", _page_typ),
    "slides.typ.j2": ("8d75248ec36f7da4cd9da4f2d40bd168ec8f8f039cab31f5eadce48476896f78", _slides_typ),
}
"""Of each template the hash of its text, and its function."""
