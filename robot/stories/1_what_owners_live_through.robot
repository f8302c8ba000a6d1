*** Comments ***
# robocop: off=LEN04,LEN06
# A story is as long as it is: cut in two, neither half would be one.


*** Settings ***
Documentation       Sequences that owners live through: they lead from one manual to another, and back.
...                 No chapter of a manual; the clauses that they cross stand in the tags.
Library             ConnectHil


*** Test Cases ***
The Phone Is Switched While A Theft Alarm Runs
    [Documentation]    The thief took the phone: the push comes on the new one, and only the key ends the service.
    [Tags]    A-12    B-32    B-33    B-34    procedure:story-phone-switched
    Given The Car Is Locked And Its Alarm Is Armed
    When A Thief Breaks In
    And The Owner Gets The Message
    And The Owner's Phone Loses Its Internet
    And Every Key Is In The Car
    And The Owner Deletes The Link On The Display
    And The New Phone Is Ready To Be Linked By The Owner
    And The New Phone Scans The QR Code On The Display
    And The New Phone And The Display Lead Through The Steps
    Then The New Phone Is Linked As Administrator
    And The Push Comes On The New Phone
    When The Owner's Phone Has Internet Again
    Then The Owner's Phone Is Not Served
    When The Owner Asks Assistance Through The App Where The Car Is
    And Assistance Finds That An Unauthorised Person Uses It
    Then Positions Of The Car Arrive At The Agreed Rate
    When The Owner Switches The Alarm Off With The Key
    Then No Further Position Arrives
    And The New Phone Is Served

A Crash Comes While A Remote Unlock Is Pending
    [Documentation]    The crash opens the doors and calls for help; nothing locks them again for as long as it lasts.
    [Tags]    B-01    B-02    B-29    B-30    procedure:story-crash-while-unlocking
    Given The Car Is Locked And Its Keys Are Far Away
    When The Owner Asks For Unlocking And Assistance Sets 30 s
    And The Car Crashes From The Left At Airbag Level
    Then Assistance Receives One Automatic Call
    And The Message Tells The Car's Position And An Automatic Trigger
    And The App Says That The Car Is Unlocked
    And The App Cannot Lock The Car
    And Nothing Locks The Doors Again

A Used Car Is Bought With The Old Owner Still Linked
    [Documentation]    With the sale the old owner is out, and the buyer becomes the only administrator.
    [Tags]    A-01    A-05    A-12    A-14    B-28    B-32    procedure:story-used-car
    Given Connect Is Switched Off
    And The Delivery Centre Has A New Owner
    When Connect Is Activated
    Then The Owner's Phone Is Not Served
    And The Old Owner's PIN Does Not Unlock The Car
    When Every Key Is In The Car
    And The Buyer's Phone Is Ready To Be Linked By The Buyer
    And The Buyer's Phone Scans The QR Code On The Display
    And The Buyer's Phone And The Display Lead Through The Steps
    Then The Buyer's Phone Is Linked As Administrator
    And The Buyer's Phone Is Served
    And The Buyer Alone Administers The Car
    When The Car Is Locked And Its Alarm Is Armed
    And A Thief Breaks In
    Then The Buyer Gets A Message And A Push And The Old Owner None

A Border Is Crossed With The Personal SIM Locked
    [Documentation]    Services wait for the card; opened, it is the new country that helps.
    [Tags]    B-08    B-11    B-22    procedure:story-border-sim-locked
    Given The Car Is Driving In France
    And The SIM Asks For Its PIN
    And The Display Asks For The PIN
    When The Car Crosses The Border Into The United Kingdom
    Then The App Fails To Find The Car
    When The Driver Types Wrong PINs Until The Card Is Locked
    Then The Display Shows The SIM Card As PUK Needed
    When The PUK And A New PIN Connect The Car
    Then The Owner's Phone Is Served
    When Assistance Cannot Be Reached
    And The Driver Holds SOS For 3 s
    Then The Emergency Number Of The Country Receives One Manual Call
    And Assistance Of The Country Was Tried First

A Workshop Has Replaced A Key And Erased The Contract
    [Documentation]    A card pays until the activation is repeated, and the new key counts where a phone is linked.
    [Tags]    A-06    C-11    C-12    C-13    procedure:story-workshop
    Given A Contract Was Installed At A Station
    When A Workshop Blocks The Lost Key
    And A Workshop Teaches The Car A New Key
    And A Workshop Erases The Contract
    Then No Contract Is Installed
    When The Station Installs No Contracts
    And The Driver Plugs In And Plug & Charge Fails For "NO_CONTRACT"
    And The Driver Identifies At The Station
    Then The Car Charges For Whoever Identified
    When The Driver Takes The Cable Out
    And The Station Installs Contracts Again
    And The Driver Goes To Settings, Charging, Advanced, Plug & Charge
    And The Owner Follows The App To The End
    Then Plugged In, The Car Charges By The New Contract
    When No Phone Is Linked To The Car
    And Every Key Is In The Car
    And The Owner's Phone Is Ready To Be Linked By The Owner
    Then The Link Is Refused Until Every Key Is Inside
    When The New Key Is In The Car Too
    And The Owner's Phone Scans The QR Code On The Display
    And The Owner's Phone And The Display Lead Through The Steps
    Then The Owner's Phone Is Linked As Administrator

The Battery Goes Flat In A Garage
    [Documentation]    What was asked for meanwhile is not done later; what the car saw is told later, and once.
    [Tags]    B-31    B-32    B-34    procedure:story-flat-battery    lasts:4h
    Given The Car Is Locked And Its Alarm Is Armed
    And It Stands In A Garage Without Reception
    And Trouble Code NOT REGISTERED Is Expected
    When The Owner Asks In The App For Unlocking
    And Assistance Verifies The PIN And Sends The Signal
    And The Battery Goes Flat
    Then The App Says That The Car Was Not Reached
    When Hours Later The Battery Is Charged And The Car Leaves The Garage
    Then The Owner Gets A Message And After It A Push
    And A Door Handle Opens Nothing
    When The Owner Switches The Alarm Off With The Key
    Then No Push Comes
