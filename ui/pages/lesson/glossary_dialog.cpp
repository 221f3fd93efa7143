// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/lesson/glossary_dialog.h"

#include "ui/pages/lesson/lesson_files.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QTreeWidget>

namespace qs::ui {

namespace {

constexpr QSize kSize(760, 520);

enum Column { English, Chinese, Meaning, InLesson };

} // namespace

GlossaryDialog::GlossaryDialog(QWidget *parent)
    : QDialog(parent)
    , m_search(new QLineEdit)
    , m_table(new QTreeWidget)
{
    setObjectName(QStringLiteral("glossary"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Glossary"));
    resize(kSize);
    m_search->setPlaceholderText(tr("Search in English or Chinese"));
    m_search->setAccessibleName(tr("Search in English or Chinese"));
    m_search->setClearButtonEnabled(true);
    m_table->setRootIsDecorated(false);
    m_table->setWordWrap(true);
    m_table->setHeaderLabels({QStringLiteral("English"), QStringLiteral("中文"), tr("Meaning"), tr("Lesson")});
    m_table->setAccessibleName(tr("Terms"));
    for (const GlossaryTerm &term : glossary())
        m_table->addTopLevelItem(new QTreeWidgetItem({wordsOf(term.term, LessonLanguage::English),
                                                      wordsOf(term.term, LessonLanguage::Chinese),
                                                      wordsOf(term.meaning), QString::fromStdString(term.lesson)}));
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(English, Qt::AscendingOrder);
    for (const Column column : {English, Chinese, InLesson})
        m_table->header()->setSectionResizeMode(column, QHeaderView::ResizeToContents);
    m_table->header()->setStretchLastSection(false);
    m_table->header()->setSectionResizeMode(Meaning, QHeaderView::Stretch);
    connect(m_search, &QLineEdit::textChanged, this, &GlossaryDialog::filter);
    connect(m_table, &QTreeWidget::itemActivated, this, [this](const QTreeWidgetItem *item) {
        if (!item->text(InLesson).isEmpty())
            emit lessonWanted(item->text(InLesson));
    });
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_search);
    layout->addWidget(m_table, 1);
    m_search->setFocus();
}

void GlossaryDialog::filter(const QString &words)
{
    for (int i = 0; i < m_table->topLevelItemCount(); ++i) {
        QTreeWidgetItem *item = m_table->topLevelItem(i);
        bool fits = false;
        for (const Column column : {English, Chinese, Meaning})
            fits = fits || item->text(column).contains(words.trimmed(), Qt::CaseInsensitive);
        item->setHidden(!fits);
    }
}

} // namespace qs::ui
