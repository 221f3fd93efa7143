// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/message_bar.h"

#include "ui/theme/theme.h"

#include <QAccessible>
#include <QBoxLayout>
#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QLabel>
#include <QPushButton>
#include <QStyle>
#include <QToolButton>

namespace qs::ui {

namespace {

constexpr int kIconSize = 20;

struct KindLook {
    const char *name; ///< for the style sheet, and of the icon
    QColor Theme::*colour;
};

KindLook lookOf(MessageBar::Kind kind)
{
    switch (kind) {
    case MessageBar::Kind::Info:
        return {"info", &Theme::accent};
    case MessageBar::Kind::Good:
        return {"good", &Theme::good};
    case MessageBar::Kind::Warning:
        return {"warning", &Theme::warning};
    case MessageBar::Kind::Error:
        break;
    }
    return {"error", &Theme::error};
}

} // namespace

MessageBar::MessageBar(QWidget *parent)
    : QFrame(parent)
    , m_icon(new QLabel)
    , m_sentence(new QLabel)
    , m_details(new QLabel)
    , m_grid(new QGridLayout(this))
    , m_buttons(new QHBoxLayout)
    , m_close(new QToolButton)
{
    for (QLabel *label : {m_sentence, m_details}) {
        label->setTextFormat(Qt::PlainText);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->setWordWrap(true);
        // A sentence may be long; it must not set the window's width.
        label->setMinimumWidth(0);
    }
    m_sentence->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_details->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_details->setObjectName(QStringLiteral("secondary"));
    m_close->setObjectName(QStringLiteral("tiny"));
    m_close->setIcon(themedIcon(QStringLiteral("close")));
    m_close->setToolTip(tr("Close"));
    m_close->setAccessibleName(tr("Close the message"));
    connect(m_close, &QToolButton::clicked, this, &MessageBar::dismiss);

    m_grid->setContentsMargins(12, 8, 10, 8);
    m_grid->setHorizontalSpacing(10);
    m_grid->addWidget(m_icon, 0, 0);
    m_grid->addWidget(m_sentence, 0, 1);
    m_grid->setColumnStretch(1, 1);
    m_buttons->setSpacing(6);
    m_grid->addLayout(m_buttons, 0, 2);
    m_grid->addWidget(m_close, 0, 3);
    m_grid->addWidget(m_details, 2, 1, 1, 3);
    connect(&ThemeManager::instance(), &ThemeManager::changed, this,
            [this] { m_icon->setPixmap(themedIcon(iconOf(m_kind), lookOf(m_kind).colour).pixmap(kIconSize)); });
    hide();
}

/// Beside the sentence, or below it where both have no room in one line.
void MessageBar::arrange()
{
    const bool beside = m_buttons->sizeHint().width() < width() / 3 || m_buttons->count() == 0;
    m_grid->removeItem(m_buttons);
    m_grid->addLayout(m_buttons, beside ? 0 : 1, beside ? 2 : 1, beside ? Qt::Alignment() : Qt::AlignLeft);
}

void MessageBar::resizeEvent(QResizeEvent *event)
{
    QFrame::resizeEvent(event);
    arrange();
}

QString MessageBar::iconOf(Kind kind)
{
    return QLatin1String(lookOf(kind).name);
}

void MessageBar::show(Kind kind, const QString &sentence, const QList<Action> &actions, const QString &details)
{
    m_kind = kind;
    setProperty("kind", QLatin1String(lookOf(kind).name));
    style()->unpolish(this);
    style()->polish(this);
    m_icon->setPixmap(themedIcon(iconOf(kind), lookOf(kind).colour).pixmap(kIconSize));
    m_sentence->setText(sentence);
    m_details->setText(details);
    m_details->hide();
    while (QLayoutItem *item = m_buttons->takeAt(0)) {
        // One of them may be the button that was just clicked.
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    if (!details.isEmpty())
        addButton(tr("Details"), [this] { m_details->setVisible(!m_details->isVisible()); });
    if (kind == Kind::Error)
        addButton(tr("Copy"), [this] {
            QGuiApplication::clipboard()->setText(
                QStringList{m_sentence->text(), m_details->text()}.join(QLatin1Char('\n')).trimmed());
        });
    for (const Action &action : actions)
        addButton(action.text, [this, action] {
            if (action.closes)
                dismiss();
            action.run();
        });
    QFrame::show();
    arrange();
    setAccessibleName(sentence);
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

void MessageBar::addButton(const QString &text, std::function<void()> run)
{
    auto *button = new QPushButton(text);
    button->setAutoDefault(false);
    connect(button, &QPushButton::clicked, this, std::move(run));
    m_buttons->addWidget(button);
}

void MessageBar::dismiss()
{
    hide();
}

QString MessageBar::sentence() const
{
    return isHidden() ? QString() : m_sentence->text();
}

QPushButton *MessageBar::button(const QString &text) const
{
    for (int i = 0; i < m_buttons->count(); ++i)
        if (auto *button = qobject_cast<QPushButton *>(m_buttons->itemAt(i)->widget());
            button && button->text() == text)
            return button;
    return nullptr;
}

} // namespace qs::ui
