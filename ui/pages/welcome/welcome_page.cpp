// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/welcome/welcome_page.h"

#include "core/formats/model_location.h"
#include "ui/document/document.h"
#include "ui/pages/welcome/demo_card.h"
#include "ui/pages/welcome/readable_formats.h"
#include "ui/settings/settings.h"
#include "ui/text/format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"

#include <QBoxLayout>
#include <QFileInfo>
#include <QLabel>
#include <QPushButton>
#include <QTimer>
#include <QToolButton>

#include <chrono>
#include <utility>

namespace qs::ui {

namespace {

constexpr int kWidth = 760;
/// Whoever opens a model at once does not wait for pictures of another one.
constexpr auto kPictureDelay = std::chrono::milliseconds(150);
constexpr int kIconSize = 56;
constexpr double kTitleSize = 1.45; ///< of the normal text

QLabel *grey(const QString &text)
{
    auto *label = new QLabel(text);
    label->setObjectName(QStringLiteral("secondary"));
    label->setWordWrap(true);
    label->setAlignment(Qt::AlignHCenter);
    return label;
}

} // namespace

PageInfo WelcomePage::page()
{
    return {.id = QStringLiteral("welcome"),
            .place = PagePlace::Cover,
            .make = [](const PageContext &context) -> QWidget * {
                return new WelcomePage(context.settings, &context.setup->document().tasks());
            }};
}

WelcomePage::WelcomePage(Settings *settings, TaskRunner *tasks, QWidget *parent)
    : QScrollArea(parent)
    , m_settings(settings)
    , m_tasks(tasks)
    , m_recent(new QWidget)
{
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    auto *page = new QWidget;
    auto *centre = new QHBoxLayout(page);
    auto *column = new QWidget;
    column->setMaximumWidth(kWidth);
    centre->addStretch(1);
    centre->addWidget(column, 8);
    centre->addStretch(1);
    auto *layout = new QVBoxLayout(column);
    layout->setSpacing(14);
    layout->addStretch(2);
    buildHead(layout);
    buildDemos(layout);
    buildButtons(layout);
    new QVBoxLayout(m_recent);
    m_recent->layout()->setContentsMargins(0, 12, 0, 0);
    m_recent->layout()->setSpacing(2);
    layout->addWidget(m_recent);
    layout->addStretch(3);
    setWidget(page);
    connect(settings, &Settings::changed, this, &WelcomePage::refreshRecent);
    refreshRecent();
}

void WelcomePage::buildHead(QBoxLayout *layout)
{
    auto *icon = new QLabel;
    icon->setPixmap(applicationIcon().pixmap(QSize(kIconSize, kIconSize), devicePixelRatioF()));
    auto *title = new QLabel(tr("See what quantization does to a neural network."));
    title->setObjectName(QStringLiteral("heading"));
    title->setWordWrap(true);
    title->setAlignment(Qt::AlignHCenter);
    QFont large = title->font();
    large.setPointSizeF(large.pointSizeF() * kTitleSize);
    title->setFont(large);
    layout->addWidget(icon, 0, Qt::AlignHCenter);
    layout->addWidget(title);
}

void WelcomePage::buildDemos(QBoxLayout *layout)
{
    m_cards = {
        new DemoCard(QStringLiteral("digits"), tr("Digits"), tr("A small network that reads handwritten digits")),
        new DemoCard(QStringLiteral("lesson"), tr("Lesson"),
                     tr("The same task, with outliers and loud rows put in on purpose"))};
    auto *row = new QHBoxLayout;
    row->setSpacing(12);
    for (DemoCard *card : std::as_const(m_cards)) {
        connect(card, &DemoCard::clicked, this, [this, card] { open(card->demo()); });
        row->addWidget(card, 1);
    }
    layout->addLayout(row);
    // The cards are buttons themselves; this one has no picture worth showing, since its weights are random.
    auto *notebook = new QPushButton(tr("Notebook demo"));
    notebook->setToolTip(tr("The five-layer network of the lecture on quantization, with random weights"));
    connect(notebook, &QPushButton::clicked, this, [this] { open(QStringLiteral("notebook")); });
    auto *about = new QLabel(notebook->toolTip());
    about->setObjectName(QStringLiteral("secondary"));
    about->setWordWrap(true);
    auto *more = new QHBoxLayout;
    more->setSpacing(10);
    more->addWidget(notebook);
    more->addWidget(about, 1);
    layout->addLayout(more);
}

QAbstractButton *WelcomePage::demoButton() const
{
    return m_cards.front();
}

void WelcomePage::buildButtons(QBoxLayout *layout)
{
    auto *file = new QPushButton(themedIcon(QStringLiteral("open")), tr("Open model…"));
    connect(file, &QPushButton::clicked, this, &WelcomePage::chooseRequested);
    auto *folder = new QPushButton(themedIcon(QStringLiteral("folder")), tr("Open folder…"));
    folder->setToolTip(tr("A folder that holds one model, in one file or in several"));
    connect(folder, &QPushButton::clicked, this, &WelcomePage::chooseFolderRequested);
    // What is one's own: a button, or a drop.
    auto *own = new QFrame;
    own->setObjectName(QStringLiteral("dropHint"));
    auto *column = new QVBoxLayout(own);
    column->setSpacing(10);
    column->setContentsMargins(16, 14, 16, 14);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(10);
    buttons->addStretch();
    for (QPushButton *button : {file, folder}) {
        button->setIconSize(QSize(16, 16));
        buttons->addWidget(button);
    }
    buttons->addStretch();
    column->addLayout(buttons);
    column->addWidget(grey(tr("Or drop a model file or its folder anywhere into this window.")));
    QLabel *formats = grey(readableSuffixes());
    formats->setToolTip(text::plainToolTip(tr("Readable: %1").arg(readableFormats())));
    column->addWidget(formats);
    layout->addWidget(own);
}

void WelcomePage::open(const QString &demo)
{
    emit openRequested(QString::fromStdString(ModelLocation::ofDemo(demo.toStdString()).text()));
}

void WelcomePage::showEvent(QShowEvent *event)
{
    QScrollArea::showEvent(event);
    QTimer::singleShot(kPictureDelay, this, [this] {
        if (m_tasks && isVisible())
            for (DemoCard *card : std::as_const(m_cards))
                card->start(m_tasks);
    });
}

void WelcomePage::hideEvent(QHideEvent *event)
{
    QScrollArea::hideEvent(event);
    for (DemoCard *card : std::as_const(m_cards))
        card->stop();
}

void WelcomePage::refreshRecent()
{
    QLayout *layout = m_recent->layout();
    while (QLayoutItem *item = layout->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    const QStringList &files = m_settings->data().recentFiles;
    m_recent->setVisible(!files.isEmpty());
    if (files.isEmpty())
        return;
    auto *head = new QLabel(tr("Recent files"));
    head->setObjectName(QStringLiteral("panelTitle"));
    layout->addWidget(head);
    for (const QString &path : files)
        layout->addWidget(recentRow(path));
}

QWidget *WelcomePage::recentRow(const QString &path)
{
    const QFileInfo file(path);
    auto *row = new QWidget;
    auto *open = new QToolButton;
    open->setObjectName(QStringLiteral("tiny"));
    open->setText(text::buttonText(file.fileName()));
    open->setEnabled(file.exists());
    open->setToolTip(text::plainToolTip(file.exists() ? path : tr("%1 is missing").arg(path)));
    open->setAccessibleName(tr("Open %1").arg(path));
    auto *folder = new ElidedLabel;
    folder->setObjectName(QStringLiteral("secondary"));
    folder->setText(file.exists() ? file.absolutePath() : tr("missing: %1").arg(file.absolutePath()));
    folder->setEnabled(file.exists());
    auto *remove = new QToolButton;
    remove->setObjectName(QStringLiteral("tiny"));
    remove->setIcon(themedIcon(QStringLiteral("close"), &Theme::secondaryText));
    remove->setIconSize(QSize(12, 12));
    remove->setToolTip(tr("Remove from this list"));
    remove->setAccessibleName(tr("Remove %1 from this list").arg(file.fileName()));
    connect(open, &QToolButton::clicked, this, [this, path] { emit openRequested(path); });
    connect(remove, &QToolButton::clicked, this, [this, path] { m_settings->removeRecentFile(path); });

    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(open);
    layout->addWidget(folder, 1);
    layout->addWidget(remove);
    return row;
}

} // namespace qs::ui
