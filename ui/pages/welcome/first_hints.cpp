// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/welcome/first_hints.h"

#include "ui/document/document.h"
#include "ui/selection/selection.h"
#include "ui/settings/settings.h"
#include "ui/widgets/message_bar.h"

namespace qs::ui {

FirstHints::FirstHints(Setup *setup, Selection *selection, MessageBar *bar, Settings *settings, QObject *parent)
    : QObject(parent)
    , m_selection(selection)
    , m_bar(bar)
    , m_settings(settings)
{
    connect(setup, &Setup::changed, this, [this, setup](Changes changes) {
        if ((changes & Change::SideB) && m_step == Step::Compare && setup->document().sideB().isOpen()) {
            m_step = Step::Explain;
            show(tr("What does a number mean? A right click on it, or Shift+F1, explains it; Ctrl+K finds everything "
                    "else."));
        }
        if ((changes & Change::Recipe) && !(changes & Change::Model) && m_step != Step::Idle &&
            m_step < Step::Compare) {
            m_step = Step::Compare;
            show(tr("See before and after: Ctrl+D keeps a copy as B, which is drawn beside A in orange."));
        }
        if (!(changes & Change::Analysis) || m_step != Step::WaitForModel || setup->analysis() != Setup::Analysis::Done)
            return;
        m_step = Step::ClickLayer;
        show(tr("Click another layer, in the table or in a plot: all panels follow."));
    });
    connect(selection, &Selection::currentChanged, this, [this] {
        if (m_step != Step::ClickLayer || m_selection->layer() < 0)
            return;
        m_step = Step::UntickLayer;
        show(tr("Untick a layer in the table: it is kept as it is, and size and error change."));
    });
    // Whoever opens another model knows what to do.
    connect(&setup->document(), &Document::modelAboutToChange, this, [this] {
        if (m_step > Step::WaitForModel)
            finish();
    });
}

void FirstHints::startWithNextModel()
{
    if (!m_settings->data().hintsShown)
        m_step = Step::WaitForModel;
}

void FirstHints::show(const QString &sentence)
{
    m_bar->show(MessageBar::Kind::Info, sentence,
                {{m_step == Step::Explain ? tr("Done") : tr("Skip"), [this] { finish(); }}});
}

void FirstHints::finish()
{
    m_step = Step::Idle;
    m_bar->dismiss();
    SettingsData changed = m_settings->data();
    changed.hintsShown = true;
    m_settings->set(changed);
}

} // namespace qs::ui
