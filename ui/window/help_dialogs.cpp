// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/help_dialogs.h"

#include "core/version.h"
#include "ui/actions/action_registry.h"
#include "ui/plots/plot_panel.h"
#include "ui/text/format.h"
#include "ui/theme/theme.h"

#include <QBoxLayout>
#include <QCoreApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>

#include <utility>

namespace qs::ui {

namespace {

constexpr int kAboutWidth = 460;
constexpr int kGapAboveHeading = 8;
constexpr double kTitleSize = 1.45; ///< of the normal text

struct Help {
    Q_DECLARE_TR_FUNCTIONS(Help)
};

QDialog *makeDialog(QWidget *parent, const QString &title)
{
    auto *dialog = new QDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(title);
    dialog->setModal(false);
    new QVBoxLayout(dialog);
    dialog->layout()->setContentsMargins(18, 16, 18, 14);
    return dialog;
}

void addCloseButton(QDialog *dialog)
{
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    buttons->button(QDialogButtonBox::Close)->setText(Help::tr("&Close"));
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::close);
    dialog->layout()->addWidget(buttons);
}

QGridLayout *makeKeyGrid()
{
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(14);
    grid->setVerticalSpacing(3);
    grid->setColumnStretch(1, 1);
    return grid;
}

/// "Everywhere" or "In plots, in the table of layers".
QString headingOf(ActionPlaces places)
{
    if (places & (ActionPlace::Window | ActionPlace::Leftover))
        return Help::tr("Everywhere");
    QStringList names;
    for (const auto &[place, name] : {std::pair{ActionPlace::Plot, Help::tr("in plots")},
                                      std::pair{ActionPlace::Table, Help::tr("in the table of layers")},
                                      std::pair{ActionPlace::Centre, Help::tr("in the tabs of the centre")}})
        if (places & place)
            names << name;
    const QString text = text::listed(names);
    return text.left(1).toUpper() + text.mid(1);
}

void addLabel(QGridLayout *grid, const QString &text, int row, int column, const char *name)
{
    auto *label = new QLabel(text);
    label->setObjectName(QLatin1String(name));
    grid->addWidget(label, row, column);
}

void addKeys(QGridLayout *grid, const ActionRegistry &actions, const QString &heading)
{
    if (grid->rowCount() > 1)
        grid->setRowMinimumHeight(grid->rowCount(), kGapAboveHeading);
    addLabel(grid, heading, grid->rowCount(), 1, "panelTitle");
    for (const ActionRegistry::Entry &entry : actions.entries()) {
        if (entry.info.keys.isEmpty() || headingOf(entry.info.places) != heading)
            continue;
        const int row = grid->rowCount();
        QStringList keys;
        for (const QKeySequence &key : entry.info.keys)
            keys << key.toString(QKeySequence::NativeText);
        addLabel(grid, keys.join(QStringLiteral("  ")), row, 0, "panelTitle");
        addLabel(grid, entry.info.tip, row, 1, "keyMeaning");
    }
}

} // namespace

void showKeyList(const ActionRegistry &actions, QWidget *parent)
{
    QDialog *dialog = makeDialog(parent, Help::tr("Keys"));
    dialog->setObjectName(QStringLiteral("keySheet"));
    auto *columns = new QHBoxLayout;
    columns->setSpacing(16);
    auto *left = makeKeyGrid();
    auto *right = makeKeyGrid();
    columns->addLayout(left);
    columns->addLayout(right);
    QStringList headings;
    for (const ActionRegistry::Entry &entry : actions.entries())
        if (const QString heading = headingOf(entry.info.places);
            !entry.info.keys.isEmpty() && !headings.contains(heading))
            headings << heading;
    for (const QString &heading : headings)
        addKeys(heading == headings.front() ? left : right, actions, heading);
    for (QGridLayout *grid : {left, right})
        grid->setRowStretch(grid->rowCount(), 1);
    static_cast<QVBoxLayout *>(dialog->layout())->addLayout(columns);
    addCloseButton(dialog);
    dialog->show();
}

void showAboutBox(QWidget *parent)
{
    QDialog *dialog = makeDialog(parent, Help::tr("About Quantoscope"));
    auto *icon = new QLabel;
    icon->setPixmap(applicationIcon().pixmap(QSize(56, 56), dialog->devicePixelRatioF()));
    auto *name = new QLabel(Help::tr("Quantoscope %1").arg(QLatin1String(kVersion)));
    name->setObjectName(QStringLiteral("heading"));
    QFont large = name->font();
    large.setPointSizeF(large.pointSizeF() * kTitleSize);
    name->setFont(large);
    QStringList libraries{Help::tr("Qt %1").arg(QLatin1String(qVersion())),
                          Help::tr("QCustomPlot %1").arg(plotLibraryVersion())};
    for (const std::string &library : libraryVersions())
        libraries << QString::fromStdString(library);
    auto *text = new QLabel(QStringList{
        Help::tr("See what quantization does to a neural network."),
        Help::tr("Instruction set in use: %1").arg(QString::fromStdString(instructionSet())),
        Help::tr("Built with %1").arg(text::listed(libraries)),
        Help::tr("The digits demo was trained on the Optical Recognition of Handwritten Digits data set by E. Alpaydin "
                 "and C. Kaynak (UCI Machine Learning Repository)."),
        Help::tr(
            "© The Quantoscope authors. Free software under the GNU General Public License, version 3 or later; it "
            "comes without any warranty."),
    }
                                .join(QStringLiteral("\n\n")));
    text->setWordWrap(true);
    text->setFixedWidth(kAboutWidth);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *head = new QHBoxLayout;
    head->setSpacing(14);
    head->addWidget(icon);
    head->addWidget(name, 1);
    static_cast<QVBoxLayout *>(dialog->layout())->addLayout(head);
    dialog->layout()->addWidget(text);
    addCloseButton(dialog);
    dialog->show();
}

} // namespace qs::ui
