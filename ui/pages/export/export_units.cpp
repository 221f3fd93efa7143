// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/export/export_units.h"

#include "core/shards/resumed.h"
#include "ui/text/format.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>

#include <algorithm>

namespace qs::ui {

namespace {

/// From here on an export takes long enough for somebody to stop it.
constexpr std::uint64_t kLongExport = std::uint64_t{1} << 30U;

QString folderName(const QString &target)
{
    return text::oneLine(resumeFolder(target.toStdString()).filename().string());
}

} // namespace

ExportUnits::ExportUnits()
    : m_keep(new QCheckBox(tr("Keep what is done when it is cancelled")))
    , m_text(new QLabel)
    , m_discard(new QPushButton(tr("Discard")))
{
    m_keep->setObjectName(QStringLiteral("keepUnits"));
    m_text->setObjectName(QStringLiteral("keptUnits"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_discard->setObjectName(QStringLiteral("discardUnits"));
    m_discard->setToolTip(tr("Remove the finished parts"));
    auto *layout = new QGridLayout(this); // in a narrow window the sentence needs all of the width
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_text, 0, 0);
    layout->addWidget(m_discard, 0, 1);
    layout->addWidget(m_keep, 1, 0, 1, 2);
    layout->setColumnStretch(0, 1);
    connect(m_keep, &QCheckBox::toggled, this, &ExportUnits::changed);
    connect(m_discard, &QPushButton::clicked, this, &ExportUnits::discard);
    say({});
}

void ExportUnits::propose(const Model &model)
{
    m_keep->setChecked(model.bytes() >= kLongExport);
}

bool ExportUnits::isChosen() const
{
    return m_keep->isChecked() && m_keep->isEnabled();
}

void ExportUnits::showKept(const KeptUnits &kept, const QString &target, const std::vector<Decision> &decisions)
{
    m_target = target;
    const bool possible = std::ranges::none_of(
        decisions, [](const Decision &each) { return each.quantize && each.scheme.needsInputs(); });
    m_keep->setEnabled(possible);
    m_keep->setToolTip(possible ? tr("Works in parts beside the file, and goes on from there the next time.")
                                : tr("Ranges and codes that follow from inputs are worked out in one go."));
    if (possible && kept.done > 0)
        m_keep->setChecked(true); // who stopped it wants it to go on
    say(kept);
}

void ExportUnits::say(const KeptUnits &kept)
{
    m_kept = kept;
    QString sentence;
    if (kept.done > 0)
        sentence = tr("%1 of %2 parts of this export are done, in %3: Resume goes on from there.")
                       .arg(kept.done)
                       .arg(kept.all)
                       .arg(folderName(m_target));
    else if (kept.ofOthers)
        sentence = tr("%1 holds parts of another export, which are of no use for this one.").arg(folderName(m_target));
    m_text->setText(sentence);
    m_text->setVisible(!sentence.isEmpty());
    m_discard->setVisible(!sentence.isEmpty());
    emit changed();
}

void ExportUnits::discard()
{
    discardParts(m_target.toStdString());
    say({});
}

} // namespace qs::ui
