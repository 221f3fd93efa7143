// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/inputs_line.h"

#include "ui/document/document.h"
#include "ui/document/result_view.h"
#include "ui/models/layer_summary.h"
#include "ui/settings/settings.h"
#include "ui/text/format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/file_chooser.h"

#include <QActionGroup>
#include <QBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>

namespace qs::ui {

InputsLine::InputsLine(Setup *setup, FileChooser *chooser, Settings *settings, QWidget *parent)
    : QWidget(parent)
    , m_setup(setup)
    , m_chooser(chooser)
    , m_settings(settings)
    , m_chips(new ChipRow)
    , m_text(new ElidedLabel)
    , m_run(new QPushButton(tr("Run it")))
    , m_inputs(new QToolButton)
    , m_menu(new QMenu(this))
{
    setProperty("deskOnly", true);
    m_text->setObjectName(QStringLiteral("secondary"));
    m_text->setProperty("explains", QStringLiteral("inputs.fed"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_inputs->setObjectName(QStringLiteral("tiny"));
    m_inputs->setText(tr("Inputs"));
    m_inputs->setIcon(themedIcon(QStringLiteral("chevron"), &Theme::secondaryText));
    m_inputs->setIconSize(QSize(12, 12));
    m_inputs->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_inputs->setLayoutDirection(Qt::RightToLeft);
    m_inputs->setToolTip(tr("Choose what is fed into the network"));
    m_inputs->setPopupMode(QToolButton::InstantPopup);
    m_inputs->setMenu(m_menu);
    // The button's direction only brings its icon to the right of its text.
    m_menu->setLayoutDirection(Qt::LeftToRight);

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(2, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_chips);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_run);
    layout->addWidget(m_inputs);

    connect(m_chips, &ChipRow::clicked, this,
            [this](const QToolButton *chip) { m_menu->popup(chip->mapToGlobal(QPoint(0, chip->height()))); });
    connect(m_run, &QPushButton::clicked, this, [this] { m_setup->analysisJob().runNetwork(); });
    connect(m_menu, &QMenu::aboutToShow, this, &InputsLine::fillMenu);
    // Not a view of its own: it hides itself where there is nothing to say, and must notice when there is.
    auto *view = new ResultView(static_cast<QObject *>(this), [this](Changes) { refresh(); });
    view->follow(setup, Change::Model | Change::Recipe | Change::Results | Change::Analysis);
    refresh();
}

void InputsLine::refresh()
{
    const auto &report = m_setup->report();
    // It keeps its place during an analysis: the plots below would move, and be painted anew, with each edit.
    m_run->setVisible(report && report->outputError.onRequest);
    m_run->setEnabled(m_setup->analysis() != Setup::Analysis::Running);
    m_inputs->setVisible(report && (m_setup->chain().chain.has_value() || m_setup->model()->graph));
    setVisible(!property("away").toBool() && (!m_run->isHidden() || !m_inputs->isHidden()));
    if (!report)
        return;
    const OutputErrorReport &output = report->outputError;
    if (output.kind != OutputErrorKind::None) {
        showFed(output);
        return;
    }
    m_chips->setChips({});
    // The error plot gives the reason; here stands what can be done about it.
    if (!output.onRequest)
        m_sentence.clear();
    else if (output.gigaFlop > 0)
        m_sentence = tr("Running the network takes about %1 (%2 GFLOP), with up to %3 of memory.")
                         .arg(text::duration(output.estimatedSeconds), text::number(output.gigaFlop, kResultDigits),
                              text::bytes(output.estimatedBytes));
    else
        m_sentence = tr("Running the network takes about %1, with up to %2 of memory.")
                         .arg(text::duration(output.estimatedSeconds), text::bytes(output.estimatedBytes));
    m_text->setText(m_sentence);
}

/// As chips, and beside them what has to be read as a sentence.
void InputsLine::showFed(const OutputErrorReport &output)
{
    m_chips->setChips(chipsOf(output));
    QStringList parts{tr("Fed: %1").arg(text::words(output.inputs))};
    if (!output.assumed.empty())
        parts << tr("Assumed: %1").arg(text::words(output.assumed));
    QString rest;
    const bool isRandom = !output.fed.empty() && !m_setup->document().inputs().current();
    if (output.onRequest) {
        rest = tr("Each layer alone takes about %1, with up to %2 of memory.")
                   .arg(text::duration(output.estimatedSeconds), text::bytes(output.estimatedBytes));
        parts << rest;
    } else if (isRandom) {
        rest = tr("Random inputs find the bad layer, but say nothing of accuracy.");
    }
    m_text->setText(rest);
    m_sentence = parts.join(QStringLiteral(" · "));
}

QList<Chip> InputsLine::chipsOf(const OutputErrorReport &output) const
{
    const QString whole = tr("Fed: %1").arg(text::words(output.inputs));
    QList<Chip> chips;
    if (output.fed.empty())
        chips << Chip{text::words(output.inputs), whole};
    else
        chips << Chip{tr("samples: %1").arg(text::count(output.samples)), whole};
    for (const FedInput &input : output.fed) {
        QStringList sizes;
        for (const std::int64_t size : input.shape)
            sizes << QString::number(size);
        const QString what =
            tr("%1: %2, %3")
                .arg(text::oneLine(input.name), sizes.join(QStringLiteral(" × ")), text::words(input.source));
        chips << Chip{what, tr("Fed into %1").arg(what)};
    }
    if (!output.assumed.empty())
        chips << Chip{text::words(output.assumed), tr("Assumed: %1").arg(text::words(output.assumed))};
    return chips;
}

bool InputsLine::event(QEvent *event)
{
    if (event->type() == QEvent::DynamicPropertyChange)
        refresh();
    return QWidget::event(event);
}

void InputsLine::fillMenu()
{
    m_menu->clear();
    connect(m_menu->addAction(tr("Inputs from a .npy or .npz file…")), &QAction::triggered, this,
            &InputsLine::chooseInputs);
    QAction *labels = m_menu->addAction(tr("Labels from a .npy file…"));
    labels->setEnabled(!m_setup->document().inputs().source().inputs.isEmpty());
    connect(labels, &QAction::triggered, this, &InputsLine::chooseLabels);
    if (m_setup->model()->graph)
        addPictureChoices();
    QAction *own = m_menu->addAction(m_setup->model()->network && m_setup->model()->network->samples
                                         ? tr("The model's own samples")
                                         : tr("Random inputs"));
    own->setCheckable(true);
    own->setChecked(!m_setup->document().inputs().current());
    connect(own, &QAction::triggered, this, [this] { m_setup->document().inputs().set({}, {}); });

    if (!m_setup->chain().chain)
        return;
    m_menu->addSeparator();
    QMenu *between = m_menu->addMenu(tr("Activation between layers"));
    auto *group = new QActionGroup(between);
    const auto add = [&](const QString &name, std::optional<Activation> activation) {
        QAction *action = between->addAction(name);
        action->setCheckable(true);
        action->setChecked(m_setup->recipe().activation == activation);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, activation] { changeActivation(*m_setup, activation); });
    };
    add(m_setup->model()->network ? tr("As the file says") : tr("ReLU, assumed"), std::nullopt);
    for (const Activation activation :
         {Activation::Relu, Activation::Gelu, Activation::Silu, Activation::Tanh, Activation::None})
        add(activationName(activation), activation);
}

void InputsLine::addPictureChoices()
{
    connect(m_menu->addAction(tr("A picture…")), &QAction::triggered, this, [this] {
        const QString path = m_chooser->fileToOpen(this, tr("A picture to feed"), m_settings->data().lastFolder,
                                                   tr("Pictures (*.png *.jpg *.jpeg *.bmp *.ppm *.pgm)"));
        if (!path.isEmpty())
            feedPictures({path});
    });
    connect(m_menu->addAction(tr("The pictures of a folder…")), &QAction::triggered, this, [this] {
        const QString folder =
            m_chooser->folderToOpen(this, tr("A folder with pictures to feed"), m_settings->data().lastFolder);
        if (!folder.isEmpty())
            feedPictures(picturesIn(folder));
    });
    const InputsSource &fed = m_setup->document().inputs().source();
    const PixelScale inForce = fed.pictures.isEmpty() ? m_scale : fed.scale;
    QMenu *scales = m_menu->addMenu(tr("Values of pictures"));
    auto *group = new QActionGroup(scales);
    const std::pair<QString, PixelScale> choices[] = {{tr("0 … 1"), PixelScale::ZeroToOne},
                                                      {tr("−1 … 1"), PixelScale::MinusOneToOne},
                                                      {tr("Mean and deviation of ImageNet"), PixelScale::ImageNet},
                                                      {tr("0 … 255"), PixelScale::Bytes}};
    for (const auto &[name, scale] : choices) {
        QAction *action = scales->addAction(name);
        action->setCheckable(true);
        action->setChecked(scale == inForce);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, chosen = scale] {
            m_scale = chosen;
            if (const QStringList pictures = m_setup->document().inputs().source().pictures; !pictures.isEmpty())
                feedPictures(pictures);
        });
    }
}

void InputsLine::feedPictures(const QStringList &paths)
{
    if (!paths.isEmpty())
        m_settings->setLastFolderOf(paths.front());
    m_setup->document().inputs().setPictures(paths, m_scale, m_setup->model(), m_setup->recipe().activation);
}

QString InputsLine::chooseArray(const QString &title)
{
    const QString path =
        m_chooser->fileToOpen(this, title, m_settings->data().lastFolder, tr("NumPy arrays (*.npy *.npz)"));
    if (!path.isEmpty())
        m_settings->setLastFolderOf(path);
    return path;
}

void InputsLine::chooseInputs()
{
    const QString path = chooseArray(tr("Inputs, one sample per row"));
    if (!path.isEmpty())
        m_setup->document().inputs().set(path, {});
}

void InputsLine::chooseLabels()
{
    if (const QString path = chooseArray(tr("Labels, one whole number per sample")); !path.isEmpty())
        m_setup->document().inputs().set(m_setup->document().inputs().source().inputs, path);
}

} // namespace qs::ui
