// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include <QApplication>
#include <QFontInfo>
#include <QHash>

namespace qs::ui {

namespace {

// @NAME stands for a colour of the theme; @check and @minus for the name of a mark, @box for a size.
const char *const kStyleSheet = R"(
QToolBar { background: @window; border: 0; border-bottom: 1px solid @border; spacing: 4px; padding: 5px 8px; }
QToolBar::separator { background: @border; width: 1px; margin: 5px 5px; }
QMenuBar { background: @window; }
QMenuBar::item { background: transparent; padding: 4px 9px; border-radius: 4px; }
QMenuBar::item:selected { background: @selectedBand; }
QStatusBar { background: @window; border-top: 1px solid @border; }
QStatusBar::item { border: 0; }
QToolTip { background: @panel; color: @text; border: 1px solid @border; padding: 4px 6px; }
QMainWindow::separator { background: @border; width: 1px; height: 1px; }
QSplitter::handle { background: transparent; }

QToolBar QToolButton { border: 1px solid transparent; border-radius: 5px; padding: 4px 7px; }
QToolBar QToolButton:hover { background: @panel; border-color: @border; }
QToolBar QToolButton:focus { border-color: @accent; }
QToolBar QToolButton:checked { background: @selectedBand; border-color: @accent; }
QToolBar QToolButton:disabled { color: @disabledText; }
QToolButton#tiny { border: 1px solid transparent; border-radius: 4px; padding: 2px; }
QToolButton#tiny:hover { border-color: @border; background: @window; }
QToolButton#tiny:focus { border-color: @accent; }
QToolButton#tiny:checked { background: @selectedBand; }
QToolButton#chip { border: 1px solid @border; border-radius: 9px; padding: 1px 8px; background: @panel; }
QToolButton#chip:hover { background: @selectedBand; }
QToolButton#chip:focus { border-color: @accent; }
QToolButton#row { border: 1px solid transparent; border-radius: 4px; padding: 5px 8px; text-align: left; }
QToolButton#row:hover { background: @selectedBand; }
QToolButton#row:focus { border-color: @accent; }
QToolButton#tiny::menu-indicator { image: none; }
QPushButton#withMenu { padding-right: 22px; }
QPushButton#withMenu::menu-indicator { image: url(:/icons/chevron.svg); width: 12px; height: 12px;
    subcontrol-origin: padding; subcontrol-position: center right; right: 6px; }

QPushButton { background: @panel; border: 1px solid @controlOutline; border-radius: 5px; padding: 5px 14px; }
QPushButton:hover { background: @selectedBand; }
QPushButton:pressed { background: @selectedRow; }
QPushButton:focus { border-color: @accent; }
QPushButton:disabled { color: @disabledText; border-color: @border; }
QPushButton#primary, QPushButton:default { background: @accent; color: @onAccent; border-color: @accent; }
QPushButton#primary:hover, QPushButton:default:hover { background: @accentHover; }
QPushButton#primary:focus, QPushButton:default:focus { border: 2px solid @selectionRing; padding: 4px 13px; }
QPushButton#primary:disabled, QPushButton:default:disabled { background: @border; color: @disabledText; }

QDialogButtonBox, QMessageBox { dialogbuttonbox-buttons-have-icons: 0; }

QLineEdit, QComboBox, QAbstractSpinBox { background: @panel; color: @text; border: 1px solid @controlOutline;
    border-radius: 4px; padding: 3px 6px; selection-background-color: @selectedRow; selection-color: @text; }
QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus { border: 2px solid @accent; padding: 2px 5px; }
QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled { color: @disabledText; border-color: @border; }
QLineEdit[invalid="true"] { border: 2px solid @error; padding: 2px 5px; }
QComboBox::drop-down { border: 0; width: 20px; }
QComboBox::down-arrow { image: url(:/icons/chevron.svg); width: 12px; height: 12px; }
QComboBox { combobox-popup: 0; }
QComboBox QAbstractItemView { background: @panel; border: 1px solid @border; outline: 0; }

QComboBox#word { background: transparent; border: 1px solid transparent; padding: 3px 2px 3px 4px; font-weight: 600; }
QComboBox#word:hover, QToolButton#word:hover { background: @panel; border: 1px solid @border; }
QComboBox#word:focus { border: 2px solid @accent; padding: 2px 1px 2px 3px; }
QComboBox#word:disabled { color: @disabledText; }
QComboBox#word::drop-down { width: 14px; }
QComboBox#word::down-arrow { width: 10px; height: 10px; }
QToolButton#word { background: transparent; border: 1px solid transparent; padding: 3px 4px; font-weight: 600; }
QToolButton#word:focus { border: 1px solid @accent; }
QToolButton#button { background: @panel; border: 1px solid @controlOutline; border-radius: 5px; padding: 3px 8px; }
QToolButton#button:hover { background: @selectedBand; }
QToolButton#button:focus { border-color: @accent; }
QToolButton#button:disabled { color: @disabledText; border-color: @border; }

QCheckBox::indicator, QGroupBox::indicator, QAbstractItemView::indicator { width: @box; height: @box;
    border: 1px solid @controlOutline; border-radius: 3px; background: @panel; }
QCheckBox::indicator:focus { border-color: @accent; }
QCheckBox::indicator:checked, QGroupBox::indicator:checked, QAbstractItemView::indicator:checked {
    border-color: @accent; background: @accent; image: url(:/icons/@check.svg); }
QCheckBox::indicator:indeterminate, QAbstractItemView::indicator:indeterminate {
    border-color: @accent; background: @accent; image: url(:/icons/@minus.svg); }
QCheckBox::indicator:disabled, QAbstractItemView::indicator:disabled { border-color: @border; background: @window; }

QCheckBox::indicator:checked:disabled, QAbstractItemView::indicator:checked:disabled {
    border-color: @disabledText; background: @disabledText; }

QHeaderView { background: @panel; border: 0; }
QHeaderView::section { background: @panel; color: @secondaryText; border: 0; border-bottom: 1px solid @border;
    border-right: 1px solid @border; padding: 5px 6px; font-weight: 600; }
QTreeView, QTableView, QListView { border: 0; outline: 0; background: @panel; alternate-background-color: @alternateRow;
    gridline-color: @grid; selection-background-color: @selectedRow; selection-color: @text; }
QTreeView { border: 1px solid @panel; }
QTreeView:focus { border-color: @accent; }
QTreeView::item { min-height: 26px; border: 0; }
QTreeView::item:hover, QListView::item:hover { background: @selectedBand; }
QTreeView::item:selected, QListView::item:selected { background: @selectedRow; color: @text; }

QTabBar::tab { padding: 8px 5px; border: 0; border-bottom: 2px solid transparent; color: @secondaryText;
    background: transparent; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:selected { color: @text; border-bottom-color: @accent; font-weight: 600; }
QTabBar::tab:focus { background: @selectedBand; }
QTabWidget::pane { border: 0; border-top: 1px solid @border; }
QTabWidget#tabs::pane { border: 0; border-left: 1px solid @border; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: @scroll; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: @controlOutline; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QProgressBar { background: @border; border: 0; border-radius: 3px; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }

QFrame#panel, QFrame#card, QFrame#export { background: @panel; border: 1px solid @border; border-radius: 6px; }
#panelTitle, #cardValue { font-weight: 600; }
QPlainTextEdit { background: transparent; color: @text; selection-background-color: @selectedRow;
    selection-color: @text; }
QPlainTextEdit#wholeText { border: 0; border-top: 1px solid @border; padding: 3px 0 3px 4px; }
QPlainTextEdit#wholeText:focus { border-top-color: @accent; }
#errorText { color: @error; }
#secondary, #cardKey { color: @secondaryText; }
#sideA { font-weight: bold; border-left: 3px solid @schemeA; padding-left: 6px; }
#sideB { font-weight: bold; border-left: 3px dotted @schemeB; padding-left: 6px; }
#cardOther { color: @text; border-left: 3px dotted @schemeB; padding-left: 5px; }
QFrame#dropHint { border: 2px dashed @border; border-radius: 8px; }
#heading { font-size: x-large; font-weight: 600; }
#dockTitle { background: @window; font-weight: 600; padding: 7px 12px; border-bottom: 1px solid @border; }
qs--ui--MessageBar { background: @selectedBand; border: 0; border-bottom: 1px solid @border;
    border-left: 4px solid @accent; }
qs--ui--MessageBar[kind="warning"] { border-left-color: @warning; background: @warningTint; }
qs--ui--MessageBar[kind="error"] { border-left-color: @error; background: @errorTint; }
qs--ui--MessageBar[kind="good"] { border-left-color: @good; background: @goodTint; }
)";

/// A little of one colour over another.
QColor mixed(const QColor &base, const QColor &tint, float share)
{
    return QColor::fromRgbF(base.redF() + (tint.redF() - base.redF()) * share,
                            base.greenF() + (tint.greenF() - base.greenF()) * share,
                            base.blueF() + (tint.blueF() - base.blueF()) * share);
}

/// Of a check box: with the text of presentations it grows.
QString boxSize()
{
    constexpr int kUsual = 14;
    constexpr int kLargeText = 17; // pixels
    const int text = QFontInfo(QApplication::font()).pixelSize();
    return QStringLiteral("%1px").arg(text < kLargeText ? kUsual : text);
}

} // namespace

QString Theme::styleSheet() const
{
    const float tint = dark ? 0.16f : 0.09f;
    const QHash<QString, QString> values{
        {"window", window.name()},
        {"panel", panel.name()},
        {"alternateRow", alternateRow.name()},
        {"border", border.name()},
        {"controlOutline", controlOutline.name()},
        {"grid", grid.name()},
        {"text", text.name()},
        {"secondaryText", secondaryText.name()},
        {"disabledText", disabledText.name()},
        {"accent", accent.name()},
        {"accentHover", mixed(accent, text, 0.18f).name()},
        {"onAccent", onAccent.name()},
        {"schemeA", schemeA.name()},
        {"schemeB", schemeB.name()},
        {"selectedRow", selectedRow.name()},
        {"selectedBand", selectedBand.name()},
        {"selectionRing", selectionRing.name()},
        {"scroll", mixed(border, controlOutline, 0.4f).name()},
        {"good", good.name()},
        {"goodTint", mixed(panel, good, tint).name()},
        {"warning", warning.name()},
        {"warningTint", mixed(panel, warning, tint).name()},
        {"error", error.name()},
        {"errorTint", mixed(panel, error, tint).name()},
        {"box", boxSize()},
        {"check", dark ? "check-dark" : "check-light"},
        {"minus", dark ? "minus-dark" : "minus-light"},
    };
    QString result;
    const QString source = QString::fromLatin1(kStyleSheet);
    for (qsizetype i = 0; i < source.size(); ++i) {
        if (source[i] != u'@') {
            result += source[i];
            continue;
        }
        qsizetype end = i + 1;
        while (end < source.size() && source[end].isLetter())
            ++end;
        const QString name = source.mid(i + 1, end - i - 1);
        Q_ASSERT_X(values.contains(name), "Theme::styleSheet", qPrintable(name));
        result += values.value(name);
        i = end - 1;
    }
    return result;
}

} // namespace qs::ui
