// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/welcome/welcome_page.h"

#include "core/formats/model_location.h"
#include "ui/pages/welcome/readable_formats.h"
#include "ui/settings/settings.h"
#include "ui/text/format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"

#include <QBoxLayout>
#include <QFileInfo>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

namespace qs::ui {

namespace {

constexpr int kWidth = 560;
constexpr int kIconSize = 72;
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
            .make = [](const PageContext &context) -> QWidget * { return new WelcomePage(context.settings); }};
}

WelcomePage::WelcomePage(Settings *settings, QWidget *parent)
    : QScrollArea(parent)
    , m_settings(settings)
    , m_demo(new QPushButton(tr("Try the demo model")))
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
    m_demo->setObjectName(QStringLiteral("primary"));
    m_demo->setDefault(true);
    m_demo->setToolTip(tr("A small network that reads handwritten digits"));
    auto *notebook = new QPushButton(tr("Notebook demo"));
    notebook->setToolTip(tr("The five-layer network of the lecture on quantization, with random weights"));
    auto *open = new QPushButton(themedIcon(QStringLiteral("open")), tr("Open model…"));
    open->setIconSize(QSize(16, 16));
    for (const auto &[button, name] : {std::pair{m_demo, "digits"}, std::pair{notebook, "notebook"}})
        connect(button, &QPushButton::clicked, this, [this, name = name] {
            emit openRequested(QString::fromStdString(ModelLocation::ofDemo(name).text()));
        });
    connect(open, &QPushButton::clicked, this, &WelcomePage::chooseRequested);

    auto *folder = new QPushButton(themedIcon(QStringLiteral("folder")), tr("Open folder…"));
    folder->setIconSize(QSize(16, 16));
    folder->setToolTip(tr("A folder that holds one model, in one file or in several"));
    connect(folder, &QPushButton::clicked, this, &WelcomePage::chooseFolderRequested);

    auto *buttons = new QGridLayout;
    buttons->setSpacing(10);
    buttons->setColumnStretch(0, 1);
    buttons->setColumnStretch(3, 1);
    buttons->addWidget(m_demo, 0, 1);
    buttons->addWidget(notebook, 0, 2);
    buttons->addWidget(open, 1, 1);
    buttons->addWidget(folder, 1, 2);

    layout->addWidget(icon, 0, Qt::AlignHCenter);
    layout->addWidget(title);
    layout->addLayout(buttons);
    layout->addWidget(grey(tr("Or drop a model file or its folder anywhere into this window.")));
    layout->addWidget(grey(tr("Readable: %1").arg(readableFormats())));
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
