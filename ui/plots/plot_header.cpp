// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_header.h"

#include "ui/plots/mark_scale.h"
#include "ui/plots/plot_actions.h"
#include "ui/text/format.h"
#include "ui/theme/theme.h"

#include <QAction>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>
#include <QStyleOption>
#include <QToolButton>

#include <algorithm>
#include <utility>

namespace qs::ui {

namespace {

constexpr int kGlyphWidth = 22;
constexpr int kGlyphGap = 5;
constexpr int kChipGap = 8;
constexpr int kShortestText = 7; // characters; less than that of a longer text says nothing
constexpr QSize kToolIcon(16, 16);

int glyphWidth(Glyph glyph)
{
    const bool wide = glyph == Glyph::DashedLine || glyph == Glyph::LineWithDots;
    return wide ? kGlyphWidth : 11;
}

QString withKey(const QString &text, Qt::Key key)
{
    return QStringLiteral("%1 (%2)").arg(text, QKeySequence(key).toString(QKeySequence::NativeText));
}

} // namespace

void ElidingLabel::paintEvent(QPaintEvent *event)
{
    if (wordWrap()) { // nothing is cut
        setToolTip({});
        QLabel::paintEvent(event);
        return;
    }
    QPainter painter(this);
    QString shown = fontMetrics().elidedText(text(), Qt::ElideRight, width());
    // In the text of a presentation a subtitle is whole, or not there.
    const bool isAllOrNothing = markScale() > 1 && objectName() == QLatin1String("secondary");
    if (shown != text() && (isAllOrNothing || width() < fontMetrics().averageCharWidth() * kShortestText))
        shown.clear();
    style()->drawItemText(&painter, contentsRect(), Qt::AlignLeft | Qt::AlignVCenter, palette(), isEnabled(), shown,
                          foregroundRole());
    const QString tip = shown == text() ? QString() : text::plainToolTip(text());
    if (toolTip() != tip)
        setToolTip(tip);
}

LegendChip::LegendChip(const PlotSeries &series, QWidget *parent)
    : QAbstractButton(parent)
    , m_series(series)
{
    setText(series.name);
    setCheckable(true);
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
    setToolTip(tr("Show or hide: %1").arg(series.name));
    setAccessibleName(series.name);
    setAccessibleDescription(toolTip());
}

QSize LegendChip::sizeHint() const
{
    const QFontMetrics metrics = fontMetrics();
    return {glyphWidth(m_series.glyph) + kGlyphGap + metrics.horizontalAdvance(text()) + 6, metrics.height() + 4};
}

void LegendChip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme &t = theme();
    const int glyph = glyphWidth(m_series.glyph);
    const QColor colour = isChecked() ? t.*m_series.colour : t.disabledText;
    paintGlyph(painter, QRectF(2, 0, glyph, height()), m_series.glyph, colour, t.panel);
    QFont font = painter.font();
    font.setStrikeOut(!isChecked());
    painter.setFont(font);
    painter.setPen(!isChecked() ? t.disabledText : underMouse() ? t.text : t.secondaryText);
    painter.drawText(rect().adjusted(glyph + kGlyphGap + 2, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, text());
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(t.accent, 1.5));
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.75, 0.75, -0.75, -0.75), 3, 3);
    }
}

Legend::Legend(QWidget *parent)
    : QWidget(parent)
{
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

QList<LegendChip *> Legend::chips() const
{
    return findChildren<LegendChip *>(Qt::FindDirectChildrenOnly);
}

/// From left to right, and a new row where one is full; the height of all.
int Legend::place(int width, bool moves) const
{
    int x = 0;
    int y = 0;
    int height = 0;
    for (LegendChip *chip : chips()) {
        const QSize size = chip->sizeHint();
        if (m_isWrapped && x > 0 && x + size.width() > width) {
            x = 0;
            y += height;
        }
        height = size.height();
        if (moves)
            chip->setGeometry(x, y, size.width(), size.height());
        x += size.width() + kChipGap;
    }
    return y + height;
}

void Legend::arrange()
{
    place(width(), true);
    updateGeometry();
}

void Legend::setWrapped(bool wrapped)
{
    if (std::exchange(m_isWrapped, wrapped) != wrapped)
        arrange();
}

QSize Legend::sizeHint() const
{
    QSize size(0, 0);
    for (const LegendChip *chip : chips())
        size = {size.width() + chip->sizeHint().width() + kChipGap, std::max(size.height(), chip->sizeHint().height())};
    return size;
}

QSize Legend::minimumSizeHint() const
{
    if (!m_isWrapped)
        return sizeHint();
    QSize size(0, 0);
    for (const LegendChip *chip : chips())
        size = size.expandedTo(chip->sizeHint());
    return size;
}

int Legend::heightForWidth(int width) const
{
    return place(width, false);
}

bool Legend::event(QEvent *event)
{
    if (event->type() == QEvent::FontChange || event->type() == QEvent::LayoutRequest)
        arrange();
    return QWidget::event(event);
}

void Legend::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    place(width(), true);
}

PlotHeader::PlotHeader(QWidget *parent)
    : QWidget(parent)
    , m_title(new ElidingLabel)
    , m_subtitle(new ElidingLabel)
    , m_legend(new Legend(this))
    , m_menu(new QMenu(this))
{
    m_title->setObjectName(QStringLiteral("panelTitle"));
    m_title->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    m_subtitle->setObjectName(QStringLiteral("secondary"));
    m_subtitle->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto *tools = new QWidget;
    tools->setProperty("deskOnly", true);
    m_tools = new QHBoxLayout(tools);
    m_tools->setContentsMargins(0, 0, 0, 0);
    m_tools->setSpacing(1);

    auto *layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->setVerticalSpacing(0);
    layout->addWidget(m_title, 0, 0);
    layout->addWidget(m_subtitle, 0, 1);
    layout->addWidget(m_legend, 0, 2);
    layout->addWidget(tools, 0, 3);
    layout->setColumnStretch(1, 1);

    m_reset = addTool(QStringLiteral("reset"), withKey(tr("Show everything"), kShowEverythingKey));
    connect(m_reset, &QToolButton::clicked, this, &PlotHeader::resetRequested);
    m_log = addTool(QStringLiteral("log"), withKey(tr("Logarithmic axis"), kLogarithmicKey));
    m_log->setCheckable(true);
    connect(m_log, &QToolButton::clicked, this, &PlotHeader::logarithmicToggled);
    m_image = addTool(QStringLiteral("image"), tr("Series, table, copy and export"));
    m_image->setPopupMode(QToolButton::InstantPopup);
    m_image->setMenu(m_menu);
    fillMenu();
}

QToolButton *PlotHeader::addTool(const QString &icon, const QString &tip)
{
    auto *button = new QToolButton;
    button->setObjectName(QStringLiteral("tiny"));
    button->setIcon(themedIcon(icon, &Theme::secondaryText));
    button->setIconSize(kToolIcon);
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    button->setFocusPolicy(Qt::TabFocus);
    m_tools->addWidget(button);
    return button;
}

void PlotHeader::fillMenu()
{
    m_seriesEnd = m_menu->addSeparator();
    m_logAction = m_menu->addAction(withKey(tr("Logarithmic axis"), kLogarithmicKey));
    m_logAction->setCheckable(true);
    connect(m_logAction, &QAction::triggered, this, &PlotHeader::logarithmicToggled);
    m_exportSection = m_menu->addSeparator();
    QAction *table = m_menu->addAction(themedIcon(QStringLiteral("table")), withKey(tr("Show as table"), kTableKey));
    connect(table, &QAction::triggered, this, &PlotHeader::tableRequested);
    QAction *copy = m_menu->addAction(themedIcon(QStringLiteral("copy")), tr("Copy image"));
    connect(copy, &QAction::triggered, this, &PlotHeader::copyRequested);
    m_menu->addSeparator();
    const auto add = [this](const QString &name, const QString &suffix, int scale) {
        QAction *action = m_menu->addAction(name);
        connect(action, &QAction::triggered, this, [this, suffix, scale] { emit saveRequested(suffix, scale); });
    };
    add(tr("Save as PNG, normal size…"), QStringLiteral("png"), 1);
    add(tr("Save as PNG, 2×…"), QStringLiteral("png"), 2);
    add(tr("Save as PNG, 3×…"), QStringLiteral("png"), 3);
    add(tr("Save as SVG…"), QStringLiteral("svg"), 1);
    add(tr("Save as PDF…"), QStringLiteral("pdf"), 1);
    add(tr("Save data as CSV…"), QStringLiteral("csv"), 1);
}

void PlotHeader::setTexts(const QString &title, const QString &subtitle)
{
    m_title->setText(title);
    m_subtitle->setText(subtitle);
    fitTools();
}

void PlotHeader::setSeries(const QList<PlotSeries> &series, const QList<bool> &visible)
{
    QList<LegendChip *> chips = m_legend->findChildren<LegendChip *>(Qt::FindDirectChildrenOnly);
    bool same = chips.size() == series.size();
    for (qsizetype i = 0; same && i < chips.size(); ++i)
        same = chips[i]->series().key == series[i].key && chips[i]->series().name == series[i].name;
    if (!same) {
        qDeleteAll(chips);
        qDeleteAll(m_seriesActions);
        m_seriesActions.clear();
        chips.clear();
        for (const PlotSeries &one : series) {
            auto *chip = new LegendChip(one, m_legend);
            chip->show();
            chips.append(chip);
            auto *action = new QAction(tr("Show: %1").arg(one.name), m_menu);
            action->setCheckable(true);
            m_menu->insertAction(m_seriesEnd, action);
            m_seriesActions.append(action);
            connect(chip, &QAbstractButton::clicked, this,
                    [this, key = one.key](bool on) { emit seriesToggled(key, on); });
            connect(action, &QAction::triggered, this, [this, key = one.key](bool on) { emit seriesToggled(key, on); });
        }
    }
    for (qsizetype i = 0; i < chips.size(); ++i) {
        chips[i]->setChecked(visible[i]);
        m_seriesActions[i]->setChecked(visible[i]);
    }
    m_legend->arrange();
    if (!same)
        fitTools();
}

void PlotHeader::offerLogarithmic(bool on)
{
    m_offersLog = on;
    m_logAction->setVisible(on);
    fitTools();
}

void PlotHeader::setLogarithmic(bool on)
{
    m_log->setChecked(on);
    m_logAction->setChecked(on);
}

void PlotHeader::setLegendVisible(bool visible)
{
    m_wantsLegend = visible;
    fitTools();
}

/// Beside the title where it has room; in the large text of presentations else below it.
void PlotHeader::placeLegend()
{
    auto *grid = static_cast<QGridLayout *>(layout());
    const int needed = m_title->sizeHint().width() + m_legend->sizeHint().width() + 3 * grid->horizontalSpacing();
    const bool below = markScale() > 1 && m_wantsLegend && needed > width();
    if (below == std::exchange(m_isLegendBelow, below))
        return;
    grid->removeWidget(m_legend);
    m_legend->setWrapped(below);
    if (below)
        grid->addWidget(m_legend, 1, 0, 1, 4);
    else
        grid->addWidget(m_legend, 0, 2);
}

void PlotHeader::fitTools()
{
    placeLegend();
    const int gap = static_cast<QGridLayout *>(layout())->horizontalSpacing();
    int needed = m_title->sizeHint().width() + 2 * gap + m_tools->spacing() + m_log->sizeHint().width();
    for (const QToolButton *tool : {m_reset, m_image})
        needed += tool->sizeHint().width() + m_tools->spacing();
    // Without its title nobody knows what a plot shows; what the legend says stands in the menu, too.
    const int legend = m_legend->sizeHint().width() + gap;
    const bool hasRoom = m_isLegendBelow || width() >= needed - m_log->sizeHint().width() + legend;
    m_legend->setVisible(m_wantsLegend && hasRoom);
    if (!m_legend->isHidden() && !m_isLegendBelow)
        needed += legend;
    m_log->setVisible(m_offersLog && width() >= needed);
}

/// New chips of the legend count once they are shown.
bool PlotHeader::event(QEvent *event)
{
    const bool handled = QWidget::event(event);
    if (event->type() == QEvent::LayoutRequest)
        placeLegend();
    return handled;
}

void PlotHeader::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitTools();
}

} // namespace qs::ui
