// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/command_palette.h"

#include "ui/actions/action_registry.h"
#include "ui/document/setup.h"
#include "ui/selection/selection.h"
#include "ui/text/format.h"

#include <QAction>
#include <QApplication>
#include <QBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>

#include <algorithm>
#include <optional>

namespace qs::ui {

namespace {

constexpr std::size_t kMostFound = 40;
constexpr int kWidth = 620;
constexpr int kHeight = 420;
constexpr int kFromTop = 70;

/// How well a text fits all words: the smaller the better; nothing when one of them is not in it.
std::optional<int> rankOf(const QString &text, const QStringList &words)
{
    int rank = 0;
    for (const QString &word : words) {
        const qsizetype at = text.indexOf(word, 0, Qt::CaseInsensitive);
        if (at < 0)
            return std::nullopt;
        const bool startsWord = at == 0 || !text[at - 1].isLetterOrNumber();
        rank += startsWord ? 0 : 20;
        rank += static_cast<int>(std::min<qsizetype>(at, 15));
    }
    return rank;
}

} // namespace

CommandPalette::CommandPalette(Setup *setup, Selection *selection, ActionRegistry *actions, QWidget *window)
    : QFrame(window)
    , m_setup(setup)
    , m_selection(selection)
    , m_actions(actions)
    , m_line(new QLineEdit)
    , m_list(new QListWidget)
{
    setObjectName(QStringLiteral("palette"));
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    m_line->setPlaceholderText(tr("Do something, or go to a layer or channel: export, dark, fc2, fc2 17"));
    m_line->setAccessibleName(tr("Find an action, a layer or a channel"));
    m_list->setAccessibleName(tr("What was found"));
    m_list->setUniformItemSizes(true);
    m_list->setFocusPolicy(Qt::NoFocus);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 10, 10, 10);
    layout->addWidget(m_line);
    layout->addWidget(m_list);
    hide();
    m_line->installEventFilter(this);
    connect(m_line, &QLineEdit::textChanged, this, &CommandPalette::find);
    connect(m_list, &QListWidget::itemClicked, this, [this](QListWidgetItem *item) { run(m_list->row(item)); });
    actions->add({.id = QStringLiteral("palette.open"),
                  .text = tr("Command &palette…"),
                  .tip = tr("Find any action, layer or channel by its name"),
                  .icon = QStringLiteral("search"),
                  .keys = {QKeySequence(tr("Ctrl+K"))},
                  .work = [this] { open(); }});
}

void CommandPalette::open()
{
    if (!isVisible())
        m_before = QApplication::focusWidget();
    const int width = std::min(kWidth, parentWidget()->width() - 40);
    setGeometry((parentWidget()->width() - width) / 2, kFromTop, width,
                std::min(kHeight, parentWidget()->height() - kFromTop - 40));
    raise();
    show();
    m_line->clear();
    find({});
    m_line->setFocus();
}

void CommandPalette::find(const QString &text)
{
    const QStringList words = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    std::vector<std::pair<int, Entry>> found;
    addActions(words, found);
    if (!words.isEmpty() && m_setup->model())
        addPlaces(words, found);
    std::ranges::stable_sort(found, {}, [](const auto &entry) { return entry.first; });
    if (found.size() > kMostFound)
        found.resize(kMostFound);
    m_entries.clear();
    m_list->clear();
    for (auto &[rank, entry] : found) {
        auto *item =
            new QListWidgetItem(entry.detail.isEmpty() ? entry.name : tr("%1   (%2)").arg(entry.name, entry.detail));
        item->setToolTip(text::plainToolTip(entry.tip));
        m_list->addItem(item);
        m_entries.push_back(std::move(entry));
    }
    m_list->setCurrentRow(m_entries.empty() ? -1 : 0);
}

void CommandPalette::addActions(const QStringList &words, std::vector<std::pair<int, Entry>> &found)
{
    for (const ActionRegistry::Entry &entry : m_actions->entries()) {
        if (entry.info.fill || !entry.action->isEnabled() || entry.info.id == QLatin1String("palette.open"))
            continue;
        const QString name = text::withoutLetter(entry.action->text()).remove(u'…');
        // What it is called counts more than what its tip says.
        auto rank = rankOf(name, words);
        if (!rank)
            if (const auto byTip = rankOf(entry.info.tip, words))
                rank = *byTip + 100;
        if (!rank)
            continue;
        const QString key =
            entry.info.keys.isEmpty() ? QString() : entry.info.keys.front().toString(QKeySequence::NativeText);
        found.emplace_back(*rank, Entry{name, key, entry.info.tip, [action = entry.action] { action->trigger(); }});
    }
}

/// "fc2" is a layer, "fc2 17" its channel of that number.
void CommandPalette::addPlaces(const QStringList &words, std::vector<std::pair<int, Entry>> &found)
{
    bool isNumber = false;
    const qint64 channel = words.size() > 1 ? words.back().toLongLong(&isNumber) : -1;
    const QStringList names = isNumber ? words.first(words.size() - 1) : words;
    const std::vector<Layer> &layers = m_setup->model()->layers;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const QString name = text::oneLine(layers[i].module);
        const auto rank = rankOf(name, names);
        const int layer = static_cast<int>(i);
        if (!rank)
            continue;
        if (isNumber && channel >= 0 && channel < m_selection->channelCount(layer))
            found.emplace_back(*rank + 5,
                               Entry{tr("%1, channel %2").arg(name).arg(channel), tr("channel"), {}, [=, this] {
                                         m_selection->setCurrent(layer, channel);
                                     }});
        else if (!isNumber)
            found.emplace_back(*rank + 10, Entry{name, tr("layer"), {}, [=, this] { m_selection->setCurrent(layer); }});
    }
}

void CommandPalette::run(int row)
{
    if (row < 0 || row >= static_cast<int>(m_entries.size()))
        return;
    const auto work = m_entries[static_cast<std::size_t>(row)].work;
    end();
    work();
}

void CommandPalette::end()
{
    hide();
    if (m_before)
        m_before->setFocus();
}

bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::FocusOut && isVisible() && !isActiveWindow())
        return false;
    if (event->type() == QEvent::FocusOut)
        hide();
    if (event->type() != QEvent::KeyPress)
        return QFrame::eventFilter(watched, event);
    switch (static_cast<QKeyEvent *>(event)->key()) {
    case Qt::Key_Escape:
        end();
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        run(m_list->currentRow());
        return true;
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        QApplication::sendEvent(m_list, event);
        return true;
    default:
        return false;
    }
}

} // namespace qs::ui
