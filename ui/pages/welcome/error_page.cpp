// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/welcome/error_page.h"

#include "ui/document/document.h"
#include "ui/text/format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/wrapped_text.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QFileInfo>
#include <QFrame>
#include <QGridLayout>
#include <QGuiApplication>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

namespace qs::ui {

namespace {

constexpr int kWidth = 620;
constexpr int kIconSize = 40;
constexpr int kLongestName = 60;

QLabel *errorIcon()
{
    auto *icon = new QLabel;
    const auto paint = [icon] {
        icon->setPixmap(themedIcon(QStringLiteral("error"), &Theme::error).pixmap(kIconSize, kIconSize));
    };
    QObject::connect(&ThemeManager::instance(), &ThemeManager::changed, icon, paint);
    paint();
    return icon;
}

/// `column` in the middle of a page, not wider than lines can be read.
QWidget *centred(QWidget *column)
{
    auto *page = new QWidget;
    column->setMaximumWidth(kWidth);
    auto *centre = new QHBoxLayout(page);
    centre->setContentsMargins(10, 10, 10, 10);
    centre->addStretch(1);
    centre->addWidget(column, 20);
    centre->addStretch(1);
    return page;
}

} // namespace

PageInfo ErrorPage::page()
{
    return {.id = QStringLiteral("error"), .place = PagePlace::Cover, .make = [](const PageContext &) -> QWidget * {
                return new ErrorPage;
            }};
}

ErrorPage::ErrorPage(QWidget *parent)
    : QScrollArea(parent)
    , m_title(new ElidedLabel)
    , m_grid(new QGridLayout)
    , m_choose(new QPushButton(themedIcon(QStringLiteral("open"), &Theme::onAccent), tr("Open another…")))
    , m_choices(new QWidget)
{
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    m_title->setObjectName(QStringLiteral("heading"));
    m_title->setAlignment(Qt::AlignCenter);
    m_title->setElideMode(Qt::ElideMiddle);

    auto *column = new QWidget;
    auto *layout = new QVBoxLayout(column);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(14);
    layout->addStretch(2);
    layout->addWidget(errorIcon(), 0, Qt::AlignHCenter);
    layout->addWidget(m_title);
    layout->addWidget(makeFacts());
    auto *choices = new QVBoxLayout(m_choices);
    choices->setContentsMargins(0, 0, 0, 0);
    choices->setSpacing(2);
    layout->addWidget(m_choices);
    layout->addLayout(makeButtons());
    layout->addStretch(3);
    setWidget(centred(column));
}

QFrame *ErrorPage::makeFacts()
{
    m_grid->setHorizontalSpacing(16);
    m_grid->setVerticalSpacing(8);
    m_grid->setColumnStretch(1, 1);
    for (const QString &name : {tr("What"), tr("Where"), tr("Format"), tr("File")}) {
        auto *label = new QLabel(name);
        label->setObjectName(QStringLiteral("secondary"));
        const Row row{name, new WrappedText(true)};
        row.value->setAccessibleName(name);
        const int line = m_grid->rowCount();
        m_grid->addWidget(label, line, 0, Qt::AlignTop);
        m_grid->addWidget(row.value, line, 1);
        m_rows << row;
    }
    auto *facts = new QFrame;
    facts->setObjectName(QStringLiteral("panel"));
    facts->setLayout(m_grid);
    m_grid->setContentsMargins(16, 8, 16, 14);
    return facts;
}

QBoxLayout *ErrorPage::makeButtons()
{
    m_choose->setObjectName(QStringLiteral("primary"));
    m_choose->setIconSize(QSize(16, 16));
    auto *copy = new QPushButton(themedIcon(QStringLiteral("copy")), tr("Copy"));
    copy->setIconSize(QSize(16, 16));
    copy->setToolTip(tr("Copy these lines, to show them to somebody"));
    auto *back = new QPushButton(tr("Back"));
    back->setToolTip(tr("Back to the start page"));
    connect(m_choose, &QPushButton::clicked, this, &ErrorPage::chooseRequested);
    connect(back, &QPushButton::clicked, this, &ErrorPage::backRequested);
    connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(text()); });
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(10);
    buttons->addStretch();
    for (QPushButton *button : {m_choose, copy, back})
        buttons->addWidget(button);
    buttons->addStretch();
    return buttons;
}

/// A click is enough to open one of them.
void ErrorPage::showChoices(const QStringList &paths)
{
    QLayout *layout = m_choices->layout();
    while (QLayoutItem *item = layout->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater(); // one of them may have been clicked
        delete item;
    }
    m_choices->setVisible(!paths.isEmpty());
    if (paths.isEmpty())
        return;
    auto *head = new QLabel(tr("Models in this folder"));
    head->setObjectName(QStringLiteral("panelTitle"));
    layout->addWidget(head);
    for (const QString &path : paths) {
        const QFileInfo file(path);
        auto *row = new QToolButton;
        row->setObjectName(QStringLiteral("row"));
        row->setIcon(themedIcon(QStringLiteral("open")));
        row->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        row->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        row->setText(tr("%1, %2").arg(text::buttonText(file.fileName(), kLongestName),
                                      text::bytes(static_cast<std::uint64_t>(file.size()))));
        row->setToolTip(text::plainToolTip(path));
        row->setAccessibleName(tr("Open %1").arg(file.fileName()));
        connect(row, &QToolButton::clicked, this, [this, path] { emit openRequested(path); });
        layout->addWidget(row);
    }
}

void ErrorPage::showProblem(const OpenProblem &problem)
{
    const QString name = QFileInfo(problem.location).fileName();
    m_title->setText(
        tr("%1 cannot be opened").arg(text::oneLine((name.isEmpty() ? problem.location : name).toStdString())));
    const QString format = problem.format.isEmpty() ? tr("not known by its content") : problem.format;
    const QStringList values{text::sentence(problem.error.message), text::words(problem.error.where), format,
                             problem.location};
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        const QString value = values[i].isEmpty() ? text::none() : values[i];
        m_rows[i].value->setPlainText(text::manyLines(value.toStdString()));
    }
    showChoices(problem.choices.size() > 1 ? problem.choices : QStringList());
}

QString ErrorPage::text() const
{
    QStringList lines;
    for (const Row &row : m_rows)
        lines << tr("%1: %2").arg(row.name, row.value->toPlainText());
    return lines.join(u'\n');
}

} // namespace qs::ui
