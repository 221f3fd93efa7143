// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/chip_row.h"

#include "ui/text/format.h"

#include <QEvent>
#include <QToolButton>

#include <algorithm>

namespace qs::ui {

namespace {

constexpr int kGap = 6;
constexpr int kSides = 20;     // padding and frame of a chip, as the style sheet has it
constexpr int kNarrowest = 90; // a fact that is cut further says nothing

} // namespace

ChipRow::ChipRow(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void ChipRow::setChips(const QList<Chip> &chips)
{
    const auto same = [](const Chip &a, const Chip &b) { return a.text == b.text && a.tip == b.tip; };
    if (std::ranges::equal(chips, m_chips, same))
        return;
    m_chips = chips;
    updateGeometry();
    arrange();
}

int ChipRow::widthOf(const QString &text) const
{
    return fontMetrics().horizontalAdvance(text) + kSides + 2; // widths are rounded
}

QSize ChipRow::sizeHint() const
{
    int width = 0;
    for (const Chip &chip : m_chips)
        width += widthOf(chip.text) + kGap;
    return {std::max(width - kGap, 0), fontMetrics().height() + 8};
}

QSize ChipRow::minimumSizeHint() const
{
    return {0, sizeHint().height()};
}

QToolButton *ChipRow::button(qsizetype index)
{
    while (index >= m_buttons.size()) {
        auto *made = new QToolButton(this);
        made->setObjectName(QStringLiteral("chip"));
        connect(made, &QToolButton::clicked, this, [this, made] { emit clicked(made); });
        m_buttons << made;
    }
    return m_buttons[index];
}

void ChipRow::arrange()
{
    QList<int> widths;
    for (const Chip &chip : std::as_const(m_chips))
        widths << widthOf(chip.text);
    const auto counted = [this](qsizetype shown) { return tr("+%1").arg(m_chips.size() - shown); };
    const auto total = [&](qsizetype shown, int longest) {
        int sum = shown < m_chips.size() ? widthOf(counted(shown)) + kGap : 0;
        for (qsizetype i = 0; i < shown; ++i)
            sum += std::min(widths[i], longest) + (i > 0 ? kGap : 0);
        return sum;
    };
    qsizetype shown = m_chips.size();
    while (shown > 1 && total(shown, kNarrowest) > width())
        --shown;
    int longest = widths.isEmpty() ? 0 : std::ranges::max(widths);
    while (longest > kNarrowest && total(shown, longest) > width())
        --longest;
    auto place = [&, x = 0](QToolButton *chip, const QString &text, const QString &tip, int wide) mutable {
        const QString shownText = fontMetrics().elidedText(text, Qt::ElideRight, wide - kSides);
        chip->setText(QString(shownText).replace(u'&', QLatin1String("&&")));
        chip->setToolTip(text::plainToolTip(tip));
        chip->setAccessibleName(text);
        chip->setAccessibleDescription(tip);
        chip->setGeometry(x, 0, wide, height());
        chip->show();
        x += wide + kGap;
    };
    for (qsizetype i = 0; i < shown; ++i)
        place(button(i), m_chips[i].text, m_chips[i].tip, std::min(widths[i], longest));
    qsizetype used = shown;
    if (shown < m_chips.size()) {
        QStringList rest;
        for (qsizetype i = shown; i < m_chips.size(); ++i)
            rest << m_chips[i].tip;
        place(button(used++), counted(shown), rest.join(QLatin1Char('\n')), widthOf(counted(shown)));
    }
    for (; used < m_buttons.size(); ++used)
        m_buttons[used]->hide();
}

void ChipRow::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void ChipRow::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        arrange();
}

} // namespace qs::ui
